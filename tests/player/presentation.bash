# A presentation as a node publishes it, twenty seconds long. To be loaded after harness.bash and recording.bash.
#
#	0 to 8    slide 1 (red): a line from 1 s on, a text from 3 s on; the view is a quarter of it from 5 s on
#	8 to 20   slide 2 (green); the screen is shared from 12 to 16 s

PRES_MEDIA=$B3LB_PREFIX/pres-media

# Media and pictures, made once: webcams whose grey and tone change at 10 s, a share, two slides.
pres_media() {
	local dir=$PRES_MEDIA.$$ n colour
	[ -d "$PRES_MEDIA" ] && return 0
	mkdir -p "$dir"
	ffmpeg -v error -y -f lavfi -i "testsrc2=size=320x240:rate=15" -f lavfi -i "sine=frequency=440" -t 20 -c:v libvpx -deadline realtime -cpu-used 8 \
		-b:v 200k -g 30 -c:a libopus -f webm "$dir/webcams.webm" </dev/null
	ffmpeg -v error -y -f lavfi -i "testsrc=size=640x360:rate=5" -t 20 -c:v libvpx -deadline realtime -cpu-used 8 -b:v 200k -g 10 \
		-f webm "$dir/deskshare.webm" </dev/null
	n=0
	for colour in 0xd04040 0x40a040; do
		n=$((n + 1))
		ffmpeg -v error -y -f lavfi -i "color=$colour:size=1600x900" -frames:v 1 "$dir/slide-$n.png" </dev/null
		ffmpeg -v error -y -f lavfi -i "color=$colour:size=128x72" -frames:v 1 "$dir/thumb-$n.png" </dev/null
	done
	mv "$dir" "$PRES_MEDIA" 2>/dev/null || rm -rf "$dir"
}

pres_shapes() {
	cat <<-'XML'
		<?xml version="1.0"?>
		<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" id="svgfile" version="1.1" viewBox="0 0 800 600">
		<image id="image1" class="slide" in="0.0" out="8.0" xlink:href="presentation/pres-1/slide-1.png" width="1600" height="900" x="0" y="0" text="presentation/pres-1/textfiles/slide-1.txt"/>
		<g class="canvas" id="canvas1" image="image1" display="none">
		<g id="image1-draw1" class="shape" timestamp="1.0" undo="-1" shape="image1-pencil1" style="stroke:#0000ff;stroke-width:8.0;visibility:hidden;fill:none"><path d="M100 100L300 200"/></g>
		<g id="image1-draw2" class="shape" timestamp="1.5" undo="-1" shape="image1-pencil1" style="stroke:#0000ff;stroke-width:8.0;visibility:hidden;fill:none"><path d="M100 100L300 200L500 150"/></g>
		<g id="image1-draw3" class="shape" timestamp="3.0" undo="6.0" shape="image1-text2" style="word-wrap:break-word;color:#ffffff;font-family:Arial;font-size:40.0px;visibility:hidden"><switch><foreignObject x="400" y="300" width="600" height="100"><p xmlns="http://www.w3.org/1999/xhtml">Hello &amp; welcome</p></foreignObject></switch></g>
		</g>
		<image id="image2" class="slide" in="8.0" out="20.0" xlink:href="presentation/pres-1/slide-2.png" width="1600" height="900" x="0" y="0"/>
		</svg>
	XML
}

# presentation/RECORD_ID below DIRECTORY, with PRES_META as what the client said besides: pres_publish DIRECTORY RECORD_ID [NONCE] [EXTERNAL]
pres_publish() {
	local dir=$1/presentation/$2 n
	rec_meta "$dir" "$2" "${3:-}" false "${4:-}"
	sed -i 's|<format>video</format><duration>3000</duration>|<format>presentation</format><duration>20000</duration>|' "$dir/metadata.xml"
	sed -i "s|<meta>|<meta>${PRES_META:-}|" "$dir/metadata.xml"
	mkdir -p "$dir"/{video,deskshare,presentation/pres-1/thumbnails}
	cp "$PRES_MEDIA/webcams.webm" "$dir/video/"
	cp "$PRES_MEDIA/deskshare.webm" "$dir/deskshare/"
	for n in 1 2; do
		cp "$PRES_MEDIA/slide-$n.png" "$dir/presentation/pres-1/"
		cp "$PRES_MEDIA/thumb-$n.png" "$dir/presentation/pres-1/thumbnails/"
	done
	pres_shapes >"$dir/shapes.svg"
	echo '<recording id="panzoom_events"><event timestamp="0.0"><viewBox>0.0 0.0 1600.0 900.0</viewBox></event><event timestamp="5.0"><viewBox>0.0 0.0 800.0 450.0</viewBox></event><event timestamp="8.0"><viewBox>0.0 0.0 1600.0 900.0</viewBox></event></recording>' >"$dir/panzooms.xml"
	echo '<recording id="cursor_events"><event timestamp="2.0"><cursor>0.5 0.5</cursor></event><event timestamp="4.0"><cursor>-1 -1</cursor></event></recording>' >"$dir/cursor.xml"
	echo '<recording id="deskshare_events"><event start_timestamp="12.0" stop_timestamp="16.0" video_width="1920" video_height="1080"/></recording>' >"$dir/deskshare.xml"
	echo '<popcorn><chattimeline in="2.5" direction="down" name="Ada" senderRole="MODERATOR" message="Good morning &lt;b&gt;all&lt;/b&gt;" target="chat"/><chattimeline in="9.0" direction="down" name="Bob" senderRole="VIEWER" message="see &lt;a href=&quot;https://example.org/&quot;&gt;https://example.org/&lt;/a&gt;" target="chat"/></popcorn>' >"$dir/slides_new.xml"
	echo '[{"locale":"en","localeName":"English"}]' >"$dir/captions.json"
	printf 'WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nGood morning\n\n00:00:09.000 --> 00:00:11.000\nNow the second slide\n' >"$dir/caption_en.vtt"
	echo '[{"timestamp":10,"type":"YN","question":"Understood?","answers":[{"id":0,"key":"Yes","numVotes":3},{"id":1,"key":"No","numVotes":1}],"respondents":4,"responders":4}]' >"$dir/polls.json"
	echo '{"pres-1":{"slide-1":"Welcome to the lesson about seas","slide-2":"Tides and the moon"}}' >"$dir/presentation_text.json"
	echo '<html><body><h1>Notes</h1><script>alert(1)</script><p>Bring a towel</p></body></html>' >"$dir/notes.html"
}
