# Presentations as a node publishes them, made in a second or two. To be sourced.

# A file below DIRECTORY from standard input: pres_file DIRECTORY NAME
pres_file() {
	mkdir -p "$1/$(dirname "$2")"
	cat >"$1/$2"
}

# metadata.xml of a presentation: pres_meta DIRECTORY SECONDS
pres_meta() {
	pres_file "$1" metadata.xml <<-XML
		<recording><id>x-1</id><meeting name="Lesson"/><playback><duration>$(($2 * 1000))</duration></playback></recording>
	XML
}

# An SVG slide of 1440x1080 with this content: pres_slide DIRECTORY N CONTENT
pres_slide() {
	pres_file "$1" "presentation/p-1/svgs/slide$2.svg" <<-SVG
		<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="1440pt" height="1080pt" viewBox="0 0 1440 1080">
		<rect width="1440" height="1080" fill="white"/>$3</svg>
	SVG
}

# A period of slide N: pres_image NUMBER IN OUT N
pres_image() {
	echo "<image id=\"image$1\" class=\"slide\" in=\"$2\" out=\"$3\" xlink:href=\"presentation/p-1/svgs/slide$4.svg\" width=\"1440\" height=\"1080\"/>"
}

# shapes.svg with this content: pres_shapes DIRECTORY CONTENT
pres_shapes() {
	pres_file "$1" shapes.svg <<-XML
		<?xml version="1.0"?>
		<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
		<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" id="svgfile">$2</svg>
	XML
}

# The directory as b3lb-render makes it for b3lb-compose: pres_flat FROM TO
pres_flat() {
	mkdir -p "$2"
	(cd "$1" && find . -type f) | while read -r f; do
		f=${f#./}
		cp "$1/$f" "$2/${f//\//=}"
	done
}

# Ten seconds: black slide, white from 4 to 5 and again, by a rectangle that is drawn, from 8 to 9; webcams are white and the
# sound beeps at the same times, the share, on from 6.1, between two frames, to 10, is white from 8 to 9: pres_flash DIRECTORY
pres_flash() {
	local flash="between(t,4,4.999)+between(t,8,8.999)"
	pres_meta "$1" 10
	pres_slide "$1" 1 '<rect width="1440" height="1080"/>'
	pres_slide "$1" 2 ''
	pres_shapes "$1" "$(pres_image 1 0.0 4.0 1)$(pres_image 2 4.0 5.0 2)$(pres_image 3 5.0 10.0 1)"
	pres_file "$1" deskshare.xml <<<'<recording><event start_timestamp="6.1" stop_timestamp="10.0" video_width="320" video_height="240"/></recording>'
	pres_file "$1" captions.json <<<'[{"locale":"en","localeName":"English"}]'
	printf 'WEBVTT\n\n00:00:04.000 --> 00:00:05.000\nflash\n' | pres_file "$1" caption_en.vtt
	mkdir -p "$1/video" "$1/deskshare"
	ffmpeg -v error -nostdin -y -f lavfi -i "color=black:s=160x120:r=15" -f lavfi -i "sine=frequency=1000:sample_rate=48000" -t 10 \
		-vf "drawbox=color=white:t=fill:enable='$flash'" -af "volume='$flash':eval=frame" \
		-c:v libvpx -deadline realtime -cpu-used 8 -c:a libopus "$1/video/webcams.webm"
	ffmpeg -v error -nostdin -y -f lavfi -i "color=black:s=320x240:r=15" -t 10 -vf "drawbox=color=white:t=fill:enable='between(t,8,8.999)'" \
		-c:v libvpx -deadline realtime -cpu-used 8 "$1/deskshare/deskshare.webm"
}

# red,green,blue of a pixel at a time: pixel FILE SECONDS X Y
pixel() {
	ffmpeg -v error -nostdin -ss "$2" -i "$1" -frames:v 1 -vf "format=rgb24,crop=1:1:$3:$4" -f rawvideo - | od -An -tu1 | tr -s ' ' ',' | cut -c2-
}

# Whether a pixel is next to red,green,blue: pixel_is FILE SECONDS X Y R,G,B
pixel_is() {
	local is want=$5 i=0
	is=$(pixel "$1" "$2" "$3" "$4")
	python3 -c 'import sys
a, b = ([int(x) for x in s.split(",")] for s in sys.argv[1:])
sys.exit(max(abs(x - y) for x, y in zip(a, b)) > 12)' "$is" "$want" || { echo "at $2 $3,$4 is $is, not $want"; return 1; }
}

# Mean difference in percent of the picture at a time in two films: differ A B SECONDS
differ() {
	local f
	for f in "$1" "$2"; do ffmpeg -v error -nostdin -ss "$3" -i "$f" -frames:v 1 -f rawvideo -pix_fmt rgb24 -; done | python3 -c '
import sys
d = sys.stdin.buffer.read()
n = len(d) // 2
print("%.2f" % (sum(abs(x - y) for x, y in zip(d[:n], d[n:])) / n / 2.55))'
}
