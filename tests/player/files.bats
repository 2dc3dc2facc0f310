# Files of a presentation out of the archive: which ones, by which bytes, under which headers; what is none of it.
# fronts: lighttpd-socket apache-fcgid
load ../harness/harness.bash
load ../harness/recording.bash
load presentation.bash
load player.bash

setup_file() {
	rec_start 1
	pres_media
	player_small
}
teardown_file() { h_stop; }
setup() { h_reset; }

# The answer's body goes to a file: take NAME [curl options]; leaves $status, $headers, $file.
take() {
	local name=$1
	shift
	file=$BATS_TEST_TMPDIR/taken
	curl -sS -D "$BATS_TEST_TMPDIR/headers" -o "$file" -H "Host: $H_DOMAIN" "$@" "http://127.0.0.1:$H_PORT$page$name"
	headers=$(tr -d '\r' <"$BATS_TEST_TMPDIR/headers")
	status=$(sed -n 's/^HTTP[^ ]* \([0-9]*\).*/\1/p' <<<"$headers" | tail -1)
	output=
}

# An archive for a new recorded meeting, made by a function of ours: archive ID FUNCTION; it is uploaded and indexed.
archive() {
	local dir=$BATS_TEST_TMPDIR/archive
	rec_meeting "$1"
	rm -rf "$dir"
	mkdir -p "$dir"
	"$2" "$dir"
	rec_meta "$dir" "$internal" "$nonce" false "$node_id"
	mv "$dir/metadata.xml" "$dir.tar.xml"
	(cd "$dir" && "${pack[@]}" "$dir.tar" *)
	upload "$nonce" "$dir.tar"
	is "$status" 200
	job render
	nonce=$(sql "select p.nonce from b3lb.record p join b3lb.record_set r on r.id = p.record_set_id where r.record_id = '$internal' and p.kind = 'player'")
	page=/b3lb/p/$nonce/
}
published() { pres_publish "$1" "$internal" "$nonce" "$node_id"; }
pack=(tar -cf)

@test "each file of the archive comes byte by byte, with its type" {
	local name type
	player_recording files
	for name in video/webcams.webm:video/webm deskshare/deskshare.webm:video/webm presentation/pres-1/slide-1.png:image/png \
		presentation/pres-1/thumbnails/thumb-2.png:image/png "caption_en.vtt:text/vtt; charset=utf-8" "notes.html:text/html; charset=utf-8"; do
		type=${name#*:} name=${name%%:*}
		take "f/$name"
		is "$status $(header content-type) $(header content-length)" "200 $type $(stat -c %s "$H/published/presentation/$internal/$name")"
		cmp "$file" "$H/published/presentation/$internal/$name"
		is "$(header x-content-type-options)" nosniff
		[[ "$(header content-security-policy)" == "sandbox; default-src 'none';"* ]]
	done
	take f/presentation/pres-1/thumbnails/thumb-1.png
	is "$(header cross-origin-resource-policy)" cross-origin
	take ""
	[[ "$(header content-security-policy)" == "default-src 'none'; script-src 'self'; "*"; frame-ancestors *" ]]
	take f/notes.html
	is "$(header cross-origin-resource-policy)" same-origin
}

@test "parts, conditions and heads" {
	local name=f/video/webcams.webm from size etag
	player_recording parts
	from=$H/published/presentation/$internal/video/webcams.webm
	size=$(stat -c %s "$from")
	take $name -I
	is "$status $(header content-length) $(header accept-ranges)" "200 $size bytes"
	etag=$(header etag)
	take $name -H "Range: bytes=1000-1999"
	is "$status $(header content-range) $(header content-length)" "206 bytes 1000-1999/$size 1000"
	cmp "$file" <(tail -c +1001 "$from" | head -c 1000)
	take $name -H "Range: bytes=-7"
	is "$status $(header content-range)" "206 bytes $((size - 7))-$((size - 1))/$size"
	cmp "$file" <(tail -c 7 "$from")
	take $name -H "Range: bytes=$size-"
	is "$status $(header content-range)" "416 bytes */$size"
	take $name -H "If-None-Match: $etag"
	is "$status" 304
	take $name -H 'If-Match: "other"'
	is "$status" 412
	take $name -H "Range: bytes=5-6" -H 'If-Range: "other"'
	is "$status $(stat -c %s "$file")" "200 $size"
	take $name -X POST -d x
	is "$status" 405
}

@test "an open range of a large file is answered by eight mebibytes of it" {
	large() {
		published "$1"
		seq 1 3000000 | head -c 20000000 >"$1/presentation/$internal/video/webcams.webm"
	}
	archive large large
	take f/video/webcams.webm -H "Range: bytes=100-"
	is "$status $(header content-range) $(stat -c %s "$file")" "206 bytes 100-8388707/20000000 8388608"
	cmp "$file" <(seq 1 3000000 | tail -c +101 | head -c 8388608)
	take f/video/webcams.webm -H "Range: bytes=19999990-"
	is "$(header content-range)" "bytes 19999990-19999999/20000000"
	take f/video/webcams.webm
	is "$status $(stat -c %s "$file")" "200 20000000"
}

@test "what is none of the presentation's files is not there" {
	foreign() {
		published "$1"
		echo secret >"$1/presentation/$internal/video/secret.txt"
		echo secret >"$1/presentation/$internal/presentation/pres-1/slide-x.png"
		mkdir -p "$1/other" "$1/presentation/ffffffffffffffffffffffffffffffffffffffff-1700000000009/presentation/pres-9"
		cp "$PRES_MEDIA/slide-1.png" "$1/presentation/ffffffffffffffffffffffffffffffffffffffff-1700000000009/presentation/pres-9/"
		echo "<svg/>" >"$1/presentation/ffffffffffffffffffffffffffffffffffffffff-1700000000009/shapes.svg"
		ln -s /etc/passwd "$1/presentation/$internal/presentation/pres-1/slide-9.png"
	}
	archive foreign foreign
	take f/presentation/pres-1/slide-1.png
	is "$status" 200
	for name in shapes.svg metadata.xml video/secret.txt presentation/pres-1/slide-x.png presentation/pres-1/slide-9.png presentation/pres-9/slide-1.png \
		video/../video/webcams.webm video video/ "" /etc/passwd presentation/pres-1/textfiles/slide-1.txt; do
		take "f/$name" --path-as-is
		[[ $status == 40[034] ]] || { echo "$name: $status"; false; }
	done
	take f
	is "$status" 404
	is "$(sql "select count(*) from b3lb.record_file where name like '%..%' or name like '/%' or name like '%secret%'")" 0
}

@test "of two files with one name the later, whatever the archive's kind" {
	twice() {
		published "$1"
		mkdir -p "$1/z/presentation/$internal"
		cp "$PRES_MEDIA/slide-1.png" "$BATS_TEST_TMPDIR/first.png"
	}
	local format
	for format in gnu pax ustar; do
		pack_twice() {
			tar --format=$format -cf "$1" presentation && cp "$PRES_MEDIA/slide-2.png" "presentation/$internal/presentation/pres-1/slide-1.png" &&
				tar --format=$format -rf "$1" "presentation/$internal/presentation/pres-1/slide-1.png"
		}
		pack=(pack_twice)
		archive "twice$format" twice
		take f/presentation/pres-1/slide-1.png
		is "$status" 200
		cmp "$file" "$PRES_MEDIA/slide-2.png"
	done
	pack=(tar -cf)
}

@test "a directory that is packed as ./" {
	flat() {
		published "$1"
		mv "$1/presentation/$internal" "$1.flat"
		rm -rf "$1"
		mv "$1.flat" "$1"
	}
	pack_flat() { tar -cf "$1" .; }
	pack=(pack_flat)
	archive flat flat
	take f/video/webcams.webm
	is "$status" 200
	cmp "$file" "$PRES_MEDIA/webcams.webm"
	pack=(tar -cf)
}

@test "a new archive takes the place of the old one: no byte of that is shown under the new names" {
	player_recording again
	local old=$page
	newer() {
		published "$1"
		cp "$PRES_MEDIA/slide-2.png" "$1/presentation/$internal/presentation/pres-1/slide-1.png"
		rm "$1/presentation/$internal/notes.html"
	}
	record=$(sql "select nonce from b3lb.record_set where record_id = '$internal'")
	dir=$BATS_TEST_TMPDIR/newer
	node_id=$(sql "select node_meeting_id from b3lb.meeting where internal_id = '$internal'")
	nonce=$record
	newer "$dir"
	rec_meta "$dir" "$internal" "$record" false "$node_id"
	mv "$dir/metadata.xml" "$dir.tar.xml"
	tar -C "$dir" -cf "$dir.tar" presentation
	upload "$record" "$dir.tar"
	is "$status" 200
	take f/presentation/pres-1/slide-1.png
	is "$status" 404
	job render
	take f/presentation/pres-1/slide-1.png
	is "$status" 200
	cmp "$file" "$PRES_MEDIA/slide-2.png"
	take f/notes.html
	is "$status" 404
	# Links that people have keep working.
	is "$(sql "select nonce from b3lb.record where kind = 'player'")" "$(basename "$old")"
}

@test "page and timeline: their headers, and old links that lead there" {
	player_recording links
	ask "$H_DOMAIN" "$page"
	is "$status $(header content-type) $(header referrer-policy)" "200 text/html; charset=utf-8 no-referrer"
	[[ "$(header content-security-policy)" == "default-src 'none'; script-src 'self';"*"frame-ancestors *" ]]
	[[ "$output" == *"<title>Lesson &amp; More</title>"* && "$output" != *@* ]]
	ask "$H_DOMAIN" "${page}timeline.json"
	is "$status $(header content-type) $(header content-encoding)" "200 application/json gzip"
	take timeline.json --compressed
	is "$(jq -c '[.v, .duration, .title]' "$file")" '[1,20,"Lesson & More"]'
	ask "$H_DOMAIN" "${page}timeline.json" -H "If-None-Match: $(header etag)"
	is "$status" 304
	ask "$H_DOMAIN" "${page%/}"
	is "$status $(header location)" "302 $page"
	asset=$(curl -sS -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT$page" | sed -n 's|.*src="../../\(player/[^"]*\)".*|\1|p')
	ask "$H_DOMAIN" "/b3lb/$asset"
	is "$status $(header content-type) $(header cache-control)" "200 text/javascript; charset=utf-8 public, max-age=31536000, immutable"
	ask "$H_DOMAIN" /b3lb/player/older/player.js
	is "$status $(header cache-control)" "200 no-cache"
	for name in index.html none.js ..%2fb3lb.conf; do
		ask "$H_DOMAIN" "/b3lb/player/x/$name"
		[[ $status == 40[034] ]]
	done
	for old in "2.3/$internal" "2.3/$internal/" "2.0/playback.html?meetingId=$internal"; do
		ask "$H_DOMAIN" "/playback/presentation/$old"
		is "$status $(header location)" "302 $page"
	done
	ask "$H_DOMAIN" "/playback/presentation/2.3/$internal?t=1m&x=%0a"
	is "$status $(header location)" "302 $page?t=1m&x=%0a"
	ask "$H_DOMAIN" "/playback/presentation/2.0/playback.html?meetingId=$internal&t=1m5s"
	is "$(header location)" "$page?t=1m5s"
	for old in 2.3/none 2.3/ 2.0/playback.html "2.0/playback.html?meetingId="; do
		ask "$H_DOMAIN" "/playback/presentation/$old"
		is "$status" 404
	done
	sql "update b3lb.record set listed = false"
	for path in "$page" "${page}timeline.json" "${page}f/notes.html" "/playback/presentation/2.3/$internal"; do
		ask "$H_DOMAIN" "$path"
		is "$status" 404
	done
	# The player's row is no video.
	sql "update b3lb.record set listed = true"
	ask "$H_DOMAIN" "/b3lb/r/$(basename "$page")"
	is "$status" 404
}

@test "a presentation that cannot be read costs its recording alone: its video is there, and the log says why" {
	broken() {
		rec_publish "$1" "$internal" "$nonce" "$node_id"
		mkdir -p "$1/presentation/$internal/presentation/pres-1"
		(cd "$1/presentation/$internal/presentation/pres-1" && seq -f 'slide-%.0f.png' 20001 | xargs touch)
	}
	archive broken broken 2>"$BATS_TEST_TMPDIR/log"
	grep "event=no_player.*20000" "$BATS_TEST_TMPDIR/log"
	is "$(sql "select string_agg(kind, ',') from b3lb.record")" video
	bbb getRecordings "meetingID=broken"
	is "$(x //recording/state) $(x 'count(//format)') $(x //format/type)" "published 1 video"
}

@test "without a profile of the player there is none, and what there was goes" {
	player_recording profile
	admin profile remove player
	admin recording rerender "$internal"
	job render
	ask "$H_DOMAIN" "$page"
	is "$status" 404
	is "$(sql "select (select count(*) from b3lb.record where kind = 'player') + (select count(*) from b3lb.record_file)")" 0
	bbb getRecordings "meetingID=profile"
	is "$(x 'count(//format)') $(x //format/type)" "1 video"
	sql "insert into b3lb.profile (name, kind, type, preset) values ('player', 'player', 'presentation', true)"
}
