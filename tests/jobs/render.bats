# b3lb-render.
load ../harness/harness.bash
load ../harness/recording.bash

setup_file() {
	rec_start 1
}
teardown_file() { h_stop; }
teardown() { ! mountpoint -q "$H/render" || umount "$H/render"; }
setup() {
	h_reset
	sql "delete from b3lb.secret_profile; delete from b3lb.callback; delete from b3lb.profile where name <> 'video'"
	rm -rf "$H"/recordings/* "$H"/render/*
	T=$BATS_TEST_TMPDIR
	rec_meeting abc "meta_bbb-recording-ready-url=http%3A%2F%2F127.0.0.1%3A$H_SIM_PORT%2F_sink%2Fready"
}
set_is() { sql "select $1 from b3lb.record_set where record_id = '${2:-$internal}'"; }
record() { sql "select $1 from b3lb.record r join b3lb.profile p on p.name = r.profile where r.profile = '${2:-video}'"; }
sent() { rec_tar "$T/a.tar" "$internal" "$nonce" "$node_id" && upload "$nonce" "$T/a.tar" && is "$status" 200; }
# An archive of the files below $T/d, with their names.
send_files() {
	rec_meta "$T" "$internal" "$nonce" && mv "$T/metadata.xml" "$T/f.tar.xml"
	tar -C "$T/d" -cf "$T/f.tar" . && upload "$nonce" "$T/f.tar" && is "$status" 200
}
video_of() { find "$H/recordings" -name "$(record storage_key "${1:-video}")"; }
webm() { ffmpeg -v error -y -f lavfi -i testsrc=size=64x48:rate=5 -t 2 -c:v libvpx -f webm "$1" </dev/null; }

@test "an uploaded recording becomes a video that plays from its first bytes" {
	sent
	run -0 job render
	is "$(set_is "status || ' ' || state || ' ' || render_tries")" "RENDERED published 1"
	is "$(record "r.type || ' ' || mime || ' ' || extension || ' ' || r.listed || ' ' || r.download || ' ' || round(duration_ms / 1000.0)")" \
		"video video/mp4 mp4 true false 3"
	is "$(record size)" "$(stat -c %s "$(video_of)")"
	# The index stands before the data.
	is "$(head -c 200 "$(video_of)" | grep -c moov)" 1
	ffprobe -v error "$(video_of)"
	is "$(stored)/$(unfinished)" 2/0
	is "$(find "$H/render" -mindepth 1 | wc -l)" 0
}

@test "a profile that wants what the archive has not makes no video; one that finds it does" {
	admin profile add screen --source deskshare --type screenshare
	admin profile add sound --source podcast --type podcast --download on
	admin profile attach ACME video
	admin profile attach ACME screen
	admin profile attach ACME sound
	mkdir -p "$T/d/presentation/$internal/deskshare" "$T/d/video/$internal"
	cp "$REC_VIDEO" "$T/d/video/$internal/video-0.m4v"
	webm "$T/d/presentation/$internal/deskshare/deskshare.webm"
	send_files
	run -0 job render
	is "$(sql "select string_agg(profile || ' ' || type || ' ' || mime, ', ' order by profile) from b3lb.record")" \
		"screen screenshare video/webm, video video video/mp4"
}

@test "sound alone is taken too" {
	admin profile add sound --source podcast --type podcast --download on
	admin profile attach ACME sound
	mkdir -p "$T/d/podcast/$internal"
	ffmpeg -v error -f lavfi -i sine -t 2 -c:a libvorbis "$T/d/podcast/$internal/audio.ogg" </dev/null
	send_files
	run -0 job render
	is "$(record "mime || ' ' || extension || ' ' || r.download" sound)" "audio/ogg ogg true"
}

@test "a preset profile is not made for a secret that has profiles of its own" {
	admin profile add other --source webcams
	admin profile attach ACME other
	sent
	run -0 job render
	is "$(set_is "status || ' ' || render_error")" "UPLOADED the archive holds neither a presentation nor a video for any of the profiles"
}

@test "what cannot be rendered is tried three times, then it has failed with its error, and rerender starts over" {
	mkdir -p "$T/d/video/$internal"
	head -c 50000 /dev/urandom >"$T/d/video/$internal/video-0.m4v"
	send_files
	run -0 job render
	is "$(set_is "status || ' ' || render_tries")" "UPLOADED 1"
	run -0 job render
	is "$(set_is "render_tries")" 1
	for n in 2 3; do
		sql "update b3lb.record_set set render_until = now() - interval '1 second'"
		run -0 job render
		is "$(set_is render_tries)" $n
	done
	is "$(set_is status)" FAILED
	[[ "$(set_is render_error)" == *ffprobe* ]]
	run -0 admin recording list
	[[ "$output" == *FAILED*ffprobe* ]]
	run -0 job render
	is "$(set_is render_tries)" 3
	run -0 admin recording rerender "$internal"
	run -0 job render
	is "$(set_is "status || ' ' || render_tries")" "UPLOADED 1"
	is "$(stored)/$(unfinished)" 1/0
}

@test "names in the archive are never paths" {
	mkdir -p "$T/d/video/$internal"
	cp "$REC_VIDEO" "$T/d/video/$internal/video-0.m4v"
	rec_meta "$T" "$internal" "$nonce"
	mv "$T/metadata.xml" "$T/f.tar.xml"
	tar -C "$T/d" -P --transform "s,video/$internal/video-0.m4v,../../../../../../..$H/escaped/video/$internal/video-0.m4v," -cf "$T/f.tar" "video/$internal/video-0.m4v"
	ln -s "$H/b3lb.conf" "$T/d/video/$internal/video-0.mp4"
	tar -C "$T/d" -rf "$T/f.tar" "video/$internal/video-0.mp4"
	upload "$nonce" "$T/f.tar"
	is "$status" 200
	run -0 job render
	is "$(set_is status)" RENDERED
	[ ! -e "$H/escaped" ]
	is "$(stored)" 2
}

@test "a video that refers to other files or hosts is no video" {
	mkdir -p "$T/d/video/$internal"
	printf '#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10,\nhttp://127.0.0.1:%s/_sim/leak\n#EXT-X-ENDLIST\n' "$H_SIM_PORT" >"$T/d/video/$internal/video-0.m4v"
	send_files
	run -0 job render
	is "$(set_is status)" UPLOADED
	printf "ffconcat version 1.0\nfile '%s'\n" "$REC_VIDEO" >"$T/d/video/$internal/video-0.m4v"
	send_files
	run -0 job render
	is "$(set_is status)" UPLOADED
}

@test "a rerendered recording keeps its links, is listed meanwhile, and leaves no file behind" {
	sent
	job render
	link=$(record r.nonce) key=$(record storage_key)
	admin recording rerender "$internal"
	is "$(set_is "status || ' ' || state")" "UPLOADED published"
	job render
	is "$(record r.nonce)" "$link"
	[ "$(record storage_key)" != "$key" ]
	is "$(stored)/$(unfinished)" 2/0
}

# Takes the profile "other" away after a renderer has begun by it, before it is done.
remove_meanwhile() {
	local holder renderer
	sql "begin; lock b3lb.record; do \$\$ begin while exists (select from b3lb.profile where name = 'other')
		loop perform pg_sleep(0.05); end loop; end \$\$; commit" & holder=$!
	h_wait record_is_locked
	job render & renderer=$!
	h_wait is_being_rendered
	sql "delete from b3lb.profile where name = 'other'"
	wait $renderer
	wait $holder
}
is_being_rendered() { [ -n "$(find "$H/render" -name 'in-*' 2>/dev/null)" ]; }
record_is_locked() {
	[ -n "$(sql "select 1 from pg_locks where relation = 'b3lb.record'::regclass and mode = 'AccessExclusiveLock' and granted")" ]
}

@test "a profile that is removed while its video is made anew leaves the video that is there" {
	admin profile add other
	admin profile attach ACME other
	sent
	job render
	key=$(sql "select storage_key from b3lb.record")
	admin recording rerender "$internal"
	remove_meanwhile
	is "$(sql "select storage_key from b3lb.record")" "$key"
	[ -f "$H/recordings/${key:0:2}/$key" ]
	is "$(set_is "status || ' ' || state") $(stored)/$(unfinished)" "RENDERED published 2/0"
}

@test "a recording whose only profile is removed while it is rendered is made by those that there are then" {
	admin profile add other
	admin profile attach ACME other
	sent
	remove_meanwhile
	is "$(set_is "status || ' ' || state")" "RENDERED published"
	is "$(record r.type)" video
	is "$(stored)/$(unfinished)" 2/0
}

@test "two renderers beside each other render each recording once" {
	sent
	first=$internal
	rec_meeting def
	sent
	job render & job render & wait
	is "$(sql "select string_agg(status || ' ' || render_tries, ', ') from b3lb.record_set")" "RENDERED 1, RENDERED 1"
	is "$(stored)" 4
}

@test "the client is told once that the recording is ready, signed with the tenant's secret" {
	sent
	job render
	admin recording rerender "$internal"
	job render
	is "$(sql "select count(*) from b3lb.callback where kind = 'ready'")" 1
	job callbacks
	got=$(sim sink/ready)
	is "$(jq length <<<"$got")" 1
	jwt=$(jq -r '.[0].body' <<<"$got" | sed -n 's/^signed_parameters=//p')
	IFS=. read -r head payload signature <<<"$jwt"
	plain() { tr '_-' '/+' <<<"$1==" | base64 -d 2>/dev/null; }
	is "$(plain "$payload" | jq -r '.meeting_id + " " + .record_id')" "abc $internal"
	is "$signature" "$(printf '%s.%s' "$head" "$payload" | openssl dgst -sha256 -hmac "$ACME_SECRET" -binary | base64 | tr '/+' '_-' | tr -d =)"
}

@test "an unpublished recording is told when it is published" {
	rec_tar "$T/a.tar" "$internal" "$nonce" "$node_id"
	sed -i 's,<published>true,<published>false,' "$T/a.tar.xml"
	upload "$nonce" "$T/a.tar"
	job render
	is "$(set_is state)" unpublished
	is "$(sql "select count(*) from b3lb.callback")" 0
	admin recording publish "$internal"
	admin recording unpublish "$internal"
	admin recording publish "$internal"
	is "$(sql "select count(*) from b3lb.callback where kind = 'ready'")" 1
}

@test "a second upload while the first is rendered wins" {
	sent
	sql "update b3lb.record_set set status = 'RENDERING', render_until = now() + interval '1 hour'"
	sent
	run -0 job render
	is "$(set_is status)" RENDERED
	is "$(stored)" 2
}

@test "time and memory of ffmpeg are limited" {
	[ -z "${B3LB_SANITIZED:-}" ] || skip "nothing limits the memory of a program that is built so"
	sent
	B3LB_RENDER_MEMORY=64 run -0 job render
	is "$(set_is status)" UPLOADED
	[[ "$(set_is render_error)" == *ff* ]]
}

@test "a store or a work directory that cannot be used is an error of the round, not of the recording" {
	# A new installation's store is made; one that has gone is missed.
	rmdir "$H/recordings"
	sql "alter sequence b3lb.record_id_seq restart"
	sent
	chmod 777 "$H/recordings"
	mv "$H/recordings" "$H/gone"
	upload "$nonce" "$T/a.tar"
	is "$status $([ -e "$H/recordings" ] && echo made)" "503 "
	mv "$H/gone" "$H/recordings"
	mv "$H/render" "$H/gone"
	touch "$H/render"
	run job render
	is "$status" 1
	[[ "$output" == *render_path* ]]
	rm "$H/render"
	mv "$H/gone" "$H/render"
	mv "$H/recordings" "$H/gone"
	run job render
	is "$status" 1
	[[ "$output" == *record_path* ]]
	mv "$H/gone" "$H/recordings"
	is "$(set_is "status || ' ' || render_tries")" "UPLOADED 0"
	# One that is missing is made.
	umask 077
	B3LB_RENDER_PATH=$H/new/er/render run -0 job render
	is "$(set_is status) $(stat -c %a "$H/new/er" "$H/new/er/render" | paste -sd' ')" "RENDERED 755 700"
}

# A work directory of so few MiB.
small_work() {
	mount -t tmpfs -o "size=$1" none "$H/render" 2>/dev/null || skip "no file system may be mounted here"
}

@test "a recording that the work directory is too small for holds up no other" {
	small_work 3m
	mkdir -p "$T/d/video/$internal"
	head -c 2000000 /dev/urandom >"$T/d/video/$internal/video-0.m4v"
	send_files
	first=$internal
	rec_meeting def
	sent
	# It waits, and says for what; the other one is made in the same round.
	run -0 job render
	[[ "$output" == *render_later*"1 recordings rendered, 1 failed"* ]]
	is "$(set_is status)" RENDERED
	is "$(set_is "status || ' ' || render_tries || ' ' || render_error" "$first")" \
		"UPLOADED 0 the disk of render_path has 2 MiB left besides record_free_min, the recording wants 4 MiB"
	[[ "$(admin recording show "$first")" == *"is tried again: the disk of render_path"* ]]
	is "$(set_is "render_until between now() + interval '9 minutes' and now() + interval '10 minutes'" "$first")" t
	umount "$H/render"
	sql "update b3lb.record_set set render_until = now()"
	run -0 job render
	# No video was in it at all: now it is that which is wrong.
	[[ "$(set_is render_error "$first")" == ff* ]]
}

@test "a work directory without room for the recording and its video is not the recording's fault" {
	mkdir -p "$T/d/video/$internal"
	ffmpeg -v error -y -f lavfi -i testsrc=size=320x240:rate=25,noise=alls=100 -t 2 -c:v libx264 -qp 0 -f mp4 "$T/d/video/$internal/video-0.m4v" </dev/null
	send_files
	# Room for it once, not twice.
	small_work $(($(stat -c %s "$T/d/video/$internal/video-0.m4v") * 3 / 2))
	run -0 job render
	is "$(set_is "status || ' ' || render_tries")" "UPLOADED 0"
}
