# Who floods a program, by the socket that it shares with its web server.
load ../harness/harness.bash

setup_file() { h_start 1; }
teardown_file() { h_stop; }

@test "who floods a program that has answered loses the connection in time" {
	run timeout 60 python3 -c 'import socket, struct, sys, time
def record(kind, data): return struct.pack("!BBHHBx", 1, kind, 1, len(data), 0) + data
def pair(k, v): return bytes([len(k), len(v)]) + k + v
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
env = {b"REQUEST_METHOD": b"GET", b"REQUEST_URI": b"/b3lb/ping", b"SCRIPT_NAME": b"/b3lb/ping", b"HTTP_HOST": b"bbb.localhost", b"REMOTE_ADDR": b"127.0.0.1",
	b"CONTENT_LENGTH": b"99999999999"}
s.sendall(record(1, b"\0\1\0\0\0\0\0\0") + record(4, b"".join(pair(k, v) for k, v in env.items())) + record(4, b""))
print(s.recv(100)[8:19])
many = record(5, b"x" * 65535) * 64
began = time.time()
try:
	while time.time() - began < 50: s.sendall(many)
	print("still there")
except OSError: print("cut off")' "$H/run/stats.sock"
	is "$output" $'b\'Status: 200\'\ncut off'
}
