# b3lb-render, profiles of the kind presentation: what BigBlueButton has published becomes a video.
load ../harness/harness.bash
load ../harness/recording.bash
load ../harness/presentation.bash
bats_require_minimum_version 1.5.0

setup_file() {
	rec_start 1
	export FLASH=$H/flash
	pres_flash "$FLASH"
}
teardown_file() { h_stop; }
setup() {
	h_reset
	sql "delete from b3lb.secret_profile; delete from b3lb.profile where name not in ('video', 'presentation')"
	rm -rf "$H"/recordings/* "$H"/render/*
	T=$BATS_TEST_TMPDIR
	P=
	rec_meeting abc
}
set_is() { sql "select $1 from b3lb.record_set where record_id = '${2:-$internal}'"; }
record() { sql "select $1 from b3lb.record where profile = '${2:-presentation}'"; }
video() { find "$H/recordings" -name "$(record storage_key "${1:-presentation}")"; }
# The presentation's directory in an archive that is about to be sent: it is $P afterwards.
publish() {
	P=$T/d/presentation/$internal
	mkdir -p "$P"
	[ $# = 0 ] || cp -r "$1"/. "$P"
}
# Sends what is below $T/d.
send() {
	rec_meta "$T" "$internal" "$nonce" && mv "$T/metadata.xml" "$T/f.tar.xml"
	tar -C "$T/d" -cf "$T/f.tar" . && upload "$nonce" "$T/f.tar" && is "$status" 200
}
white() { pixel_is "$1" "$2" "$3" "$4" 255,255,255; }
black() { pixel_is "$1" "$2" "$3" "$4" 0,0,0; }

@test "a fresh installation draws what a node publishes as it is installed: slides, share, webcams, sound, captions, chapters" {
	publish "$FLASH"
	send
	run -0 job render
	is "$(set_is "status || ' ' || state")" "RENDERED published"
	is "$(record "type || ' ' || mime || ' ' || extension")" "video video/mp4 mp4"
	# As nodes take it: to a tenth of a second.
	is "$(record "abs(duration_ms - 10000) <= 100")" t
	v=$(video)
	is "$(ffprobe -v error -select_streams v -show_entries stream=codec_name,width,height,pix_fmt,color_range,color_space -of csv=p=0 "$v")" \
		h264,1280,720,yuv420p,tv,bt709
	is "$(ffprobe -v error -show_entries stream=codec_name -of csv=p=0 "$v" | tr '\n' ' ')" "h264 aac mov_text bin_data "
	is "$(ffprobe -v error -show_entries chapter_tags=title -of csv=p=0 "$v" | tr '\n' ' ')" "Slide 1 Slide 2 Slide 1 "
	is "$(head -c 200 "$v" | grep -c moov)" 1
	# Key frames at most ten seconds apart, the first at 0.
	is "$(ffprobe -v error -select_streams v -skip_frame nokey -show_entries frame=pts_time -of csv=p=0 "$v" | head -1 | cut -c1-4)" 0.00
	is "$(find "$H/render" -mindepth 1 | wc -l)" 0
}

@test "flash and beep come together in slides, share, webcams and sound, within a frame and 50 ms" {
	publish "$FLASH"
	send
	run -0 job render
	v=$(video)
	# A frame has 67 ms: before 4.0 - 0.12 nothing is white, from 4.0 + 0.12 all is.
	for t in 3.88 5.12 7.88 9.12; do
		black "$v" "$t" 480 360
		black "$v" "$t" 1120 100
	done
	# The frame that the share begins within, and those beside it: the slide, or the share, and never the ground below both.
	for t in 5.98 6.05 6.12; do black "$v" "$t" 480 360; done
	for t in 4.12 4.88; do
		white "$v" "$t" 480 360
		white "$v" "$t" 1120 100
	done
	for t in 8.12 8.88; do
		white "$v" "$t" 480 360
		white "$v" "$t" 1120 100
	done
	ends=$(ffmpeg -v info -nostdin -i "$v" -af silencedetect=noise=-40dB:d=0.3 -f null - 2>&1 | sed -n 's/.*silence_\(start\|end\): \([0-9.]*\).*/\2/p' | tr '\n' ' ')
	python3 -c 'import sys
is_, want = [float(x) for x in sys.argv[1].split()], [0, 4, 5, 8, 9]
print(is_)
sys.exit(any(abs(a - b) > 0.117 for a, b in zip(is_, want)) or len(is_) < 5)' "$ends"
}

@test "without webcams there is no room for them; sound alone is kept; as WebM, in another size" {
	publish "$FLASH"
	mkdir "$P/audio"
	ffmpeg -v error -nostdin -y -i "$P/video/webcams.webm" -map 0:a -c copy "$P/audio/audio.webm"
	rm -r "$P/video" "$P/deskshare"
	admin profile set presentation --container webm --width 640 --height 480 --fps 5
	send
	run -0 job render
	admin profile set presentation --container mp4 --width 1280 --height 720 --fps 15
	v=$(video)
	is "$(ffprobe -v error -show_entries stream=codec_name,width,height -of csv=p=0 "$v" | tr '\n' ' ')" "vp9,640,480 opus webvtt,N/A,N/A "
	# Its pictures are rare: the next one from here on is that of 4.0.
	white "$v" 3.9 600 240
	black "$v" 6 600 240
	is "$(record "abs(duration_ms - 10000) <= 100")" t
}

@test "the video that the node has made itself is not drawn once more" {
	publish "$FLASH"
	mkdir -p "$T/d/video/$internal"
	cp "$REC_VIDEO" "$T/d/video/$internal/video-0.m4v"
	send
	run -0 job render
	is "$(sql "select string_agg(profile, ' ') from b3lb.record")" video
	# Of another type it is.
	admin profile set presentation --type lesson
	sql "update b3lb.record_set set status = 'UPLOADED', render_until = null"
	run -0 job render
	admin profile set presentation --type video
	is "$(sql "select string_agg(profile || ':' || type, ' ' order by profile) from b3lb.record")" "presentation:lesson video:video"
}

@test "hostile archives cost their own recording alone, and say why" {
	publish "$FLASH"
	head -c 3000 "$FLASH/video/webcams.webm" | tail -c 2000 >"$P/video/webcams.webm"
	send
	cut=$internal
	rec_meeting good
	rm -rf "$T/d"
	publish "$FLASH"
	bomb='<defs><g id="a0"><rect width="9" height="9"/></g>'
	for i in 1 2 3 4 5 6 7 8 9; do
		bomb+="<g id=\"a$i\">$(for _ in 1 2 3 4 5 6 7 8 9 10; do printf '<use xlink:href="#a%d"/>' $((i - 1)); done)</g>"
	done
	pres_slide "$P" 2 "$bomb</defs><use xlink:href=\"#a9\"/>"
	# Names that lead elsewhere, and another meeting's slides.
	mkdir -p "$T/d/presentation/other-1/presentation/p-1/svgs"
	cp "$FLASH/presentation/p-1/svgs/slide2.svg" "$T/d/presentation/other-1/presentation/p-1/svgs/slide1.svg"
	cp "$FLASH/shapes.svg" "$T/d/presentation/other-1/"
	rec_meta "$T" "$internal" "$nonce"
	mv "$T/metadata.xml" "$T/f.tar.xml"
	tar -C "$T/d" -cf "$T/f.tar" .
	echo evil >"$T/evil"
	tar -C "$T" -P --transform "s|evil|../../../../$H/evil/shapes.svg|" -rf "$T/f.tar" evil
	upload "$nonce" "$T/f.tar"
	is "$status" 200
	run -0 job render
	is "$(set_is status "$cut")" UPLOADED
	[[ $(set_is render_error "$cut") == *ff*"webcams.webm"* ]] || [[ $(set_is render_error "$cut") == ffprobe* ]]
	is "$(set_is status)" RENDERED
	[ ! -e "$H/evil" ]
	v=$(video)
	black "$v" 1 480 360
	# The slide that could not be drawn is white, and the log says so.
	white "$v" 4.5 480 360
	[[ $output == *render_partly*"1 pictures could not be drawn, the first: presentation/p-1/svgs/slide2.svg"* ]]
	is "$(find "$H/render" -mindepth 1 | wc -l)" 0
}

@test "an archive of holes, and one of very many files, are refused before they fill the disk" {
	publish "$FLASH"
	for n in $(seq 100 130); do truncate -s 1M "$P/presentation/p-1/slide-$n.png"; done
	head -c 2000000 /dev/urandom >"$T/d/padding"
	rec_meta "$T" "$internal" "$nonce"
	mv "$T/metadata.xml" "$T/f.tar.xml"
	tar -C "$T/d" -S -cf "$T/f.tar" .
	upload "$nonce" "$T/f.tar"
	is "$status" 200
	run -0 job render
	is "$(set_is "status || ' ' || render_error")" "UPLOADED the files in it are larger than the archive"
	rec_meeting many
	rec_meta "$T" "$internal" "$nonce"
	mv "$T/metadata.xml" "$T/f.tar.xml"
	many() {
		python3 -c 'import io, sys, tarfile
tar = tarfile.open(sys.argv[1], "w")
for i in range(100000):
	member = tarfile.TarInfo("presentation/" + sys.argv[2] + sys.argv[3] % i)
	member.size = 1 if i < 21000 else 0
	tar.addfile(member, io.BytesIO(b"x"))
tar.add(sys.argv[4], "presentation/" + sys.argv[2])' "$T/f.tar" "$internal" "$1" "$FLASH"
	}
	many /presentation/p-1/slide-%d.png
	upload "$nonce" "$T/f.tar"
	is "$status" 200
	run -0 job render
	is "$(set_is "status || ' ' || render_error")" "UPLOADED the archive holds more than 20000 files of a presentation"
	# Those that are none of a presentation's cost nothing.
	many /other/%d
	upload "$nonce" "$T/f.tar"
	is "$status" 200
	run -0 job render
	is "$(set_is status)" RENDERED
	is "$(find "$H/render" -mindepth 1 | wc -l)" 0
}

@test "an archive without a presentation, or with one that says nothing, is said to hold none" {
	mkdir -p "$T/d/notes/$internal"
	echo x >"$T/d/notes/$internal/notes.html"
	send
	run -0 job render
	is "$(set_is "render_error")" "the archive holds neither a presentation nor a video for any of the profiles"
}

@test "one voice gets 64 kbit/s, two channels get 96" {
	for channels in 1 2; do
		publish "$FLASH"
		rm -rf "$P/video"
		mkdir -p "$P/audio"
		ffmpeg -v error -nostdin -y -f lavfi -i "anoisesrc=d=10:c=pink" -ac "$channels" -c:a libopus "$P/audio/audio.webm"
		send
		run -0 job render
		is "$(ffprobe -v error -select_streams a -show_entries stream=channels -of csv=p=0 "$(video)")" "$channels"
		is "$(ffprobe -v error -select_streams a -show_entries stream=bit_rate -of csv=p=0 "$(video)" |
			awk '{ print ($1 > 55000) + ($1 > 80000) + ($1 > 115000) }')" "$channels"
	done
}

@test "a profile of this kind is added, set and refused" {
	is "$(sql "select speed from b3lb.profile where name = 'presentation'")" superfast
	is "$(sql "select column_default from information_schema.columns where table_schema = 'b3lb' and table_name = 'profile' and column_name = 'speed'")" \
		"'superfast'::text"
	admin profile add hd --kind presentation --width 1920 --height 1080 --fps 30 --crf 20 --speed medium --webcams none --cursor off --captions off
	is "$(admin profile list --json | jq -r '.[] | select(.name == "hd") | .kind + " " + .picture')" "presentation 1920x1080 30 fps mp4"
	run admin profile set hd --width 333
	[ "$status" != 0 ]
	run admin profile set hd --fps 61
	[ "$status" != 0 ]
	run admin profile set hd --speed placebo
	[ "$status" != 0 ]
}
