#!/usr/bin/env python3
# What bench/hooks needs: a node that sends events at a rate, and clients that take them and count.
#	hooks.py send HOST PORT NONCE SECRET RATE SECONDS MEETINGS	a line "EXTERNAL INTERNAL" for each meeting
#	hooks.py take PORT-FILE RESULT	until SIGTERM; RESULT: taken, lost, twice, out of order, and milliseconds on the way
#	hooks.py call PORT URLS RATE SECONDS	calls of the API at a rate: how long they take
# They are other machines' work on this one's processor: what can be done before or after the measured minute is.
import asyncio, json, signal, socket, sys, threading, time
from urllib.parse import parse_qs, quote_plus

SENDERS = 8


def read_answer(sock, rest):
    while b"\r\n\r\n" not in rest:
        more = sock.recv(4096)
        if not more:
            raise OSError("closed")
        rest += more
    head, rest = rest.split(b"\r\n\r\n", 1)
    length = int([l for l in head.lower().split(b"\r\n") if l.startswith(b"content-length:")][0].split(b":")[1])
    while len(rest) < length:
        rest += sock.recv(4096)
    return int(head.split(b" ", 2)[1]), b"connection: close" in head.lower(), rest[length:]


def send(host, port, nonce, secret, rate, seconds, file):
    meetings = [line.split() for line in open(file)]
    sent, failed = [0] * SENDERS, [0] * SENDERS

    def connect():
        sock = socket.create_connection(("127.0.0.1", port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    bodies = {}
    for external, internal in meetings:
        event = json.dumps([{"data": {"type": "event", "id": "user-joined", "attributes": {
            "meeting": {"internal-meeting-id": internal, "external-meeting-id": external},
            "user": {"internal-user-id": "w_k3", "name": "NUMBER", "ip-address": "192.0.2.1"}},
            "event": {"ts": 1234567890123}}}], separators=(",", ":"))
        before, after = ("domain=node&event=%s&timestamp=1" % quote_plus(event)).split("1234567890123")
        bodies[external] = (*before.split("NUMBER"), after)
    head = ("POST /b3lb/b/callback/event?nonce=%s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " % (nonce, host, secret))

    def run(me):
        mine = meetings[me::SENDERS]
        sock, rest = connect(), b""
        begin, number = time.time(), 0
        while number < rate * seconds // SENDERS:
            wait = begin + number * SENDERS / rate - time.time()
            if wait > 0:
                time.sleep(wait)
            first, middle, last = bodies[mine[number % len(mine)][0]]
            body = "%s%d%s%d%s" % (first, number // len(mine), middle, int(time.time() * 1000), last)
            sock.sendall(("%s%d\r\n\r\n%s" % (head, len(body), body)).encode())
            status, closed, rest = read_answer(sock, rest)
            if closed:
                sock.close()
                sock = connect()
            sent[me] += 1
            failed[me] += status != 200
            number += 1

    threads = [threading.Thread(target=run, args=(i,)) for i in range(SENDERS)]
    begin = time.time()
    [t.start() for t in threads]
    [t.join() for t in threads]
    took = time.time() - begin
    print("sent %d in %.1f s, %d refused" % (sum(sent), took, sum(failed)))


def take(port_file, result):
    last, ways, wrong, came = {}, [], {"twice": 0, "out of order": 0}, []
    OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

    def read(at, body):
        for event in json.loads(parse_qs(body.decode())["event"][0]):
            data = event["data"]
            if data["id"] != "user-joined":
                continue
            meeting = data["attributes"]["meeting"]["external-meeting-id"]
            number = int(data["attributes"]["user"]["name"])
            before = last.get(meeting, -1)
            wrong["twice"] += number <= before
            wrong["out of order"] += number > before + 1
            last[meeting] = max(before, number)
            ways.append(at * 1000 - data["event"]["ts"])

    class Client(asyncio.Protocol):
        def connection_made(self, transport):
            self.transport, self.rest = transport, b""

        def data_received(self, data):
            self.rest += data
            while b"\r\n\r\n" in self.rest:
                head, body = self.rest.split(b"\r\n\r\n", 1)
                length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
                if len(body) < length:
                    break
                came.append((time.time(), body[:length]))
                self.rest = body[length:]
                self.transport.write(OK)

    async def main():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Client, "127.0.0.1", 0)
        open(port_file, "w").write(str(server.sockets[0].getsockname()[1]))
        stop = asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, stop.set)
        await stop.wait()
        for at, body in came:
            read(at, body)
        ways.sort()
        at = lambda share: ways[int(len(ways) * share)] if ways else 0
        open(result, "w").write("taken %d, twice %d, out of order %d; on the way: median %d ms, 99%% %d ms, longest %d ms\n" % (
            len(ways), wrong["twice"], wrong["out of order"], at(0.5), at(0.99), ways[-1] if ways else 0))

    asyncio.run(main())


def call(port, urls, rate, seconds):
    lines = [line.split() for line in open(urls)]
    took = {}
    sock, rest = socket.create_connection(("127.0.0.1", port)), b""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    begin = time.time()
    for number in range(rate * seconds):
        time.sleep(max(0, begin + number / rate - time.time()))
        host, target = lines[number % len(lines)]
        asked = time.time()
        sock.sendall(("GET %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (target, host)).encode())
        status, closed, rest = read_answer(sock, rest)
        if status not in (200, 302):
            sys.exit("%s: %d" % (target, status))
        took.setdefault(target.split("/")[-1].split("?")[0], []).append((time.time() - asked) * 1000)
        if closed:
            sock.close()
            sock = socket.create_connection(("127.0.0.1", port))
    for name, times in took.items():
        times.sort()
        print("    %-16s median %.2f ms, 99%% %.2f ms, %d calls" % (name, times[len(times) // 2], times[int(len(times) * .99)], len(times)))


if sys.argv[1] == "send":
    send(sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5], int(sys.argv[6]), int(sys.argv[7]), sys.argv[8])
elif sys.argv[1] == "call":
    call(int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
else:
    take(sys.argv[2], sys.argv[3])
