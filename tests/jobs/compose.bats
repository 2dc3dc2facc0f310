# b3lb-compose: a directory becomes raw video.
load ../harness/harness.bash
load ../harness/presentation.bash
bats_require_minimum_version 1.5.0

COMPOSE=$B3LB_PREFIX/libexec/b3lb/b3lb-compose

setup() {
	T=$BATS_TEST_TMPDIR
	P=$T/p
	mkdir -p "$P"
}
# Flattens $P and draws it: film NAME [option...]
film() {
	local name=$1
	shift
	rm -rf "$T/flat"
	pres_flat "$P" "$T/flat"
	"$COMPOSE" --size 960x720 "$@" "$T/flat" >"$T/$name.mkv"
}
times() { ffprobe -v error -show_entries packet=pts_time -of csv=p=0 "$1" | tr '\n' ' '; }
RED='stroke:#ff0000;stroke-width:20;fill:none'
shape() { echo "<g class=\"shape\" id=\"$1\" timestamp=\"$2\" undo=\"$3\" shape=\"$4\" style=\"${6:-$RED}\">$5</g>"; }
canvas() { echo "<g class=\"canvas\" image=\"image1\">$1</g>"; }

@test "a picture at each change, on the grid, from 0 to the last frame" {
	pres_meta "$P" 4
	pres_slide "$P" 1 ''
	pres_slide "$P" 2 '<rect width="1440" height="1080" fill="#00ff00"/>'
	pres_shapes "$P" "$(pres_image 1 0.0 2.0 1)$(canvas "$(shape a 1.04 -1 image1-line1 '<line x1="100" y1="540" x2="1300" y2="540"/>')")$(pres_image 2 2.0 4.0 2)"
	film a --fps 10
	is "$(times "$T/a.mkv")" "0.000000 1.000000 2.000000 3.900000 "
	is "$(ffprobe -v error -show_entries stream=width,height,pix_fmt,color_range,color_space -of csv=p=0 "$T/a.mkv")" 960,720,yuv420p,tv,bt709
	pixel_is "$T/a.mkv" 0 480 360 255,255,255
	pixel_is "$T/a.mkv" 1 480 360 255,0,0
	pixel_is "$T/a.mkv" 2 480 360 0,255,0
}

@test "pan and zoom, the pointer, room for webcams; without what was not wanted" {
	pres_meta "$P" 4
	pres_slide "$P" 1 '<rect x="720" y="540" width="720" height="540" fill="#0000ff"/>'
	pres_shapes "$P" "$(pres_image 1 0.0 4.0 1)$(canvas "$(shape a 3 -1 image1-line1 '<line x1="0" y1="540" x2="1440" y2="540"/>')")"
	pres_file "$P" panzooms.xml <<<'<recording><event timestamp="1"><viewBox>720 540 720 540</viewBox></event><event timestamp="2"><viewBox>0 0 1440 1080</viewBox></event></recording>'
	pres_file "$P" cursor.xml <<<'<recording><event timestamp="2"><cursor>0.25 0.25</cursor></event><event timestamp="3"><cursor>-1 -1</cursor></event></recording>'
	film a
	pixel_is "$T/a.mkv" 0 200 200 255,255,255
	pixel_is "$T/a.mkv" 1 200 200 0,0,255
	pixel_is "$T/a.mkv" 2 240 180 255,102,102
	pixel_is "$T/a.mkv" 3 240 180 255,255,255
	pixel_is "$T/a.mkv" 3 240 360 255,0,0
	film b --no-cursor --no-annotations
	pixel_is "$T/b.mkv" 2 240 180 255,255,255
	pixel_is "$T/b.mkv" 3 240 360 255,255,255
	mkdir "$P/video"
	echo x >"$P/video/webcams.webm"
	film c
	# 720 pixels for a slide of 4:3: a bar above, and white where the webcams come.
	pixel_is "$T/c.mkv" 0 540 500 0,0,255
	pixel_is "$T/c.mkv" 0 800 500 255,255,255
	film d --no-webcams
	pixel_is "$T/d.mkv" 0 800 500 0,0,255
}

@test "old annotations are where the same SVG drawn by hand has them" {
	pres_meta "$P" 2
	pres_slide "$P" 1 ''
	pres_slide "$P" 2 '<g stroke="#ff0000" stroke-width="20" fill="none" stroke-linecap="round" stroke-linejoin="round">
		<path d="M100 100L300 200L500 100C550 50,600 50,650 100"/><line x1="700" y1="100" x2="1300" y2="200"/>
		<ellipse cx="300" cy="450" rx="200" ry="100"/><path d="M600 350L900 350L900 550L600 550Z"/><path d="M1000 550L1150 350L1300 550Z"/>
		<path d="M800 700L900 1000L1000 700"/></g><rect x="1100" y="700" width="100" height="100" fill="#008000"/>
		<circle cx="100" cy="700" r="40" fill="#00aa00"/>
		<text font-family="Liberation Sans" font-size="80" fill="#0000ff"><tspan x="300" y="773.4">Hello there</tspan><tspan x="300" y="865.4">you</tspan></text>'
	pres_file "$P" presentation/p-1/poll_result1.svg <<<'<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50"><rect width="50" height="50" fill="#008000"/></svg>'
	pres_shapes "$P" "$(pres_image 1 0.0 1.0 1)$(canvas "
		$(shape h 0 -1 image1-polyline8 '<polyline points="800,700 900,1000 1000,700"/>')
		$(shape i 0 -1 image1-poll_result9 '<image xlink:href="presentation/p-1/poll_result1.svg" x="1100" y="700" width="200" height="100"/>')
		$(shape a 0 -1 image1-pencil1 '<path d="M100 100L300 200L500 100C550 50,600 50,650 100"/>')
		$(shape b 0 -1 image1-line2 '<line x1="700" y1="100" x2="1300" y2="200"/>')
		$(shape c 0 -1 image1-ellipse3 '<path d="M100 450A200 100 0 0 1 300 350A200 100 0 0 1 500 450A200 100 0 0 1 300 550A200 100 0 0 1 100 450Z"/>')
		$(shape d 0 -1 image1-rectangle4 '<path d="M600 350L900 350L900 550L600 550Z"/>')
		$(shape e 0 -1 image1-triangle5 '<path d="M1000 550L1150 350L1300 550Z"/>')
		$(shape f 0 -1 image1-pencil6 '<circle cx="100" cy="700" r="40"/>' 'fill:#00aa00')
		$(shape g 0 -1 image1-text7 '<switch><foreignObject x="300" y="700" width="450" height="10"><p xmlns="http://www.w3.org/1999/xhtml">Hello there you</p></foreignObject></switch>' 'color:#0000ff;font-family:Arial;font-size:80px')
		")$(pres_image 2 1.0 2.0 2)"
	film a
	ffmpeg -v error -nostdin -ss 0 -i "$T/a.mkv" -frames:v 1 -f matroska -c:v ffv1 "$T/drawn.mkv"
	ffmpeg -v error -nostdin -ss 1 -i "$T/a.mkv" -frames:v 1 -f matroska -c:v ffv1 "$T/byhand.mkv"
	difference=$(differ "$T/drawn.mkv" "$T/byhand.mkv" 0)
	echo "difference $difference %"
	python3 -c "import sys; sys.exit(float('$difference') >= 0.5)"
	# And it is no empty picture that is compared.
	pixel_is "$T/a.mkv" 0 500 233 255,0,0
}

# The shapes of drawings/VERSION.json beside the same in SVG, drawn by hand, and by librsvg: by_hand VERSION SIDE COUNT [X,Y...]
by_hand() {
	local small=(-frames:v 1 -vf "format=rgb24,scale=360:270:flags=area+accurate_rnd" -f rawvideo -pix_fmt rgb24 -y) d=$B3LB_SOURCE/tests/jobs/drawings
	pres_file "$P" tldraw.json <"$d/$1.json"
	film a --size 1440x1080
	ffmpeg -v error -nostdin -i "$T/a.mkv" "${small[@]}" "$T/drawn"
	rsvg-convert -o "$T/hand.png" "$d/$1.svg"
	ffmpeg -v error -nostdin -i "$T/hand.png" "${small[@]}" "$T/hand"
	python3 "$d/compare.py" "$T/drawn" "$T/hand" "${@:2}"
}

@test "tldraw: every kind of shape of both versions is where a drawing by hand has it" {
	pres_meta "$P" 2
	pres_slide "$P" 1 ''
	pres_shapes "$P" "$(pres_image 1 0.0 2.0 1)"
	mkdir "$P/file-uploads"
	ffmpeg -v error -nostdin -f lavfi -i color=red:s=80x120 -f lavfi -i color=blue:s=80x120 -filter_complex hstack -frames:v 1 "$P/file-uploads/pic1.png"
	by_hand v1 60 15 120,60 120,120
	by_hand v2 45 44 90,135 135,135 225,135 270,135 315,135
}

@test "tldraw: both versions have their shapes where they belong" {
	pres_meta "$P" 2
	pres_slide "$P" 1 ''
	pres_shapes "$P" "$(pres_image 1 0.0 2.0 1)"
	pres_file "$P" tldraw.json <<<'{"bbb_version":"2.7.1","1":{"shapes":[
		{"id":1,"timestamp":0,"undo":1,"shape_data":{"id":"a","type":"rectangle","point":[144,108],"size":[288,216],"childIndex":1,"style":{"color":"red","isFilled":true,"size":"large","dash":"solid"}}},
		{"id":2,"timestamp":0,"undo":-1,"shape_data":{"id":"b","type":"draw","point":[720,540],"childIndex":2,"isComplete":true,"points":[[0,0,0.5],[100,0,0.5],[200,0,0.5],[300,0,0.5]],"style":{"color":"black","size":"large","dash":"draw"}}}]}}'
	film a
	pixel_is "$T/a.mkv" 0 192 144 250,210,214
	pixel_is "$T/a.mkv" 0 96 144 255,33,51
	pixel_is "$T/a.mkv" 1 192 144 255,255,255
	pixel_is "$T/a.mkv" 0 580 360 29,29,29
	pres_file "$P" tldraw.json <<<'{"bbb_version":"3.0.2","1":{"shapes":[
		{"id":1,"timestamp":0,"undo":-1,"shape_data":{"id":"shape:n","type":"note","x":145,"y":109,"index":"a1","props":{"color":"blue","size":"m","text":"hi"}}},
		{"id":2,"timestamp":0,"undo":-1,"shape_data":{"id":"shape:f","type":"frame","x":721,"y":541,"index":"a2","props":{"w":150,"h":150,"name":""}}},
		{"id":3,"timestamp":0,"undo":-1,"shape_data":{"id":"shape:c","type":"geo","x":30,"y":30,"index":"a1","parentId":"shape:f","props":{"geo":"rectangle","w":300,"h":60,"fill":"solid","dash":"solid","size":"m","color":"green"}}},
		{"id":4,"timestamp":0,"undo":-1,"shape_data":{"id":"shape:d","type":"draw","x":150,"y":900,"index":"a3","opacity":0.5,"props":{"color":"black","size":"xl","dash":"draw","isComplete":true,"segments":[{"type":"free","points":[{"x":0,"y":0,"z":0.5},{"x":200,"y":0,"z":0.5},{"x":400,"y":0,"z":0.5}]}]}}}]}}'
	film b
	# What is seen through is so once: its outline lies on its inside.
	dark=$(ffmpeg -v error -nostdin -i "$T/b.mkv" -frames:v 1 -vf "format=gray,crop=1:60:240:570" -f rawvideo - | od -An -v -tu1 | tr -s ' ' '\n' | grep . | sort -n | head -1)
	echo "darkest $dark"
	[ "$dark" -gt 125 ]
	[ "$dark" -lt 160 ]
	pixel_is "$T/b.mkv" 0 110 80 66,99,235
	pixel_is "$T/b.mkv" 0 530 400 211,233,227
	# What reaches out of a frame is cut off.
	pixel_is "$T/b.mkv" 0 600 400 255,255,255
}

@test "hostile pictures cost themselves alone, and it is said what is wrong" {
	pres_meta "$P" 3
	bomb='<defs><g id="a0"><rect width="9" height="9"/></g>'
	for i in 1 2 3 4 5 6 7 8 9; do
		bomb+="<g id=\"a$i\">$(for _ in 1 2 3 4 5 6 7 8 9 10; do printf '<use xlink:href="#a%d"/>' $((i - 1)); done)</g>"
	done
	pres_slide "$P" 1 "$bomb</defs><use xlink:href=\"#a9\"/>"
	pres_slide "$P" 2 "<rect width=\"720\" height=\"1080\" fill=\"#00ff00\"/><image xlink:href=\"file://$T/secret.png\" x=\"720\" width=\"720\" height=\"1080\"/>"
	ffmpeg -v error -nostdin -f lavfi -i color=red:s=64x64 -frames:v 1 "$T/secret.png"
	mkdir -p "$P/presentation/p-1"
	# A PNG that says that it has 20000 x 20000 pixels.
	{ printf '\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x4e\x20\0\0\x4e\x20\x08\x06\0\0\0' && head -c 100 /dev/zero; } >"$P/presentation/p-1/slide-3.png"
	pres_shapes "$P" "$(pres_image 1 0.0 1.0 1)$(pres_image 2 1.0 2.0 2)$(pres_image 3 2.0 3.0 3 | sed 's|svgs/slide3.svg|slide-3.png|')"
	pres_flat "$P" "$T/flat"
	run -0 --separate-stderr bash -c "[ -n '${B3LB_SANITIZED:-}' ] || ulimit -v 2000000; '$COMPOSE' --size 960x720 '$T/flat' >'$T/a.mkv'"
	[[ $stderr == *"2 pictures could not be drawn, the first: presentation/p-1/svgs/slide1.svg is "* ]]
	pixel_is "$T/a.mkv" 1 200 300 0,255,0
	# Another file than its own is not shown.
	pixel_is "$T/a.mkv" 1 700 300 255,255,255
	pixel_is "$T/a.mkv" 2 200 300 255,255,255
}

@test "entities, cut files and nonsense are missing parts, not a failure" {
	pres_meta "$P" 2
	pres_slide "$P" 1 '<rect width="1440" height="1080" fill="#00ff00"/>'
	pres_shapes "$P" "$(pres_image 1 0.0 1.9 1)$(pres_image 2 1.9 2.0 1 | sed 's|href="[^"]*"|href="shapes.svg"|')"
	pres_file "$P" cursor.xml <<<'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><recording><event timestamp="0"><cursor>&b;</cursor></event></recording>'
	pres_file "$P" panzooms.xml <<<'<recording><event timestamp="0"><viewBox>0 0 10'
	head -c 1000 /dev/zero | pres_file "$P" tldraw.json
	film a
	pixel_is "$T/a.mkv" 0 300 300 0,255,0
	is "$("$COMPOSE" --plan "$T/flat" | jq -c .broken)" '["tldraw.json","panzooms.xml","cursor.xml"]'
	is "$("$COMPOSE" --timeline "$T/flat" | jq -c '[.v, .duration, (.slides|length), .broken|length]')" '[1,2,2,3]'
	: >"$T/flat/metadata.xml"
	rm "$T/flat/shapes.svg"
	run -1 "$COMPOSE" "$T/flat"
	is "$output" "nothing says how long the presentation is"
}

@test "pictures go to a program; how it ends is how all ends" {
	pres_meta "$P" 2
	pres_slide "$P" 1 ''
	pres_shapes "$P" "$(pres_image 1 0.0 2.0 1)"
	pres_flat "$P" "$T/flat"
	run -0 "$COMPOSE" "$T/flat" ffmpeg -v error -f matroska -i pipe:0 -f null -
	is "$output" ""
	# It has enough before the end.
	run -0 "$COMPOSE" --config /nonexistent --verbose "$T/flat" head -c 100
	[[ "$output" == "b3lb-compose: $T/flat: read"* ]]
	run -1 "$COMPOSE" "$T/flat" sh -c 'cat >/dev/null; echo because >&2; exit 3'
	is "$output" $'because\nsh failed'
	run -1 "$COMPOSE" "$T/flat" /nonexistent/program
	[[ $output == *"could not start /nonexistent/program"* ]]
	run -2 "$COMPOSE" --size 100x100 "$T/flat"
	run -2 "$COMPOSE" --timeline "$T/flat" cat
	run -2 "$COMPOSE"
}

@test "it shuts itself in before it reads anything" {
	pres_meta "$P" 2
	pres_slide "$P" 1 ''
	pres_shapes "$P" "$(pres_image 1 0.0 2.0 1)"
	pres_flat "$P" "$T/flat"
	mkfifo "$T/go"
	# Nobody takes the pictures until we have looked.
	"$COMPOSE" "$T/flat" sh -c "read -r go <'$T/go'; exec cat >/dev/null" 3>&- &
	pid=$!
	h_wait grep -q '^Seccomp:[^0-9]*2$' "/proc/$pid/status"
	grep -q '^NoNewPrivs:[^0-9]*1$' "/proc/$pid/status"
	echo >"$T/go"
	wait "$pid"
}
