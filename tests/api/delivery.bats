# Videos by their URL, sent by us.
# fronts: all
load delivery.bash
setup_file() { delivery_start "sendfile = none"; }
teardown_file() { h_stop; }
setup() { delivery_reset; }

@test "the whole file, with what a player and a browser need to know" {
	whole_file
	is "$(header Accept-Ranges)" bytes
	is "$(header Access-Control-Allow-Origin)" "*"
}

@test "a range is that part of the file" { ranges; }
@test "a range behind the end is 416 with the size" { unsatisfiable_range; }
@test "what is no range of bytes is the whole file" { malformed_ranges; }
@test "If-Range: the part only of the very same file" { if_range; }
@test "conditions: 304 and 412, before any range" { conditions; }
@test "HEAD has the headers of GET and knows no ranges" { head_request; }
@test "a name for the file, shown or saved" { download_name; }
@test "unpublished, being deleted, not made yet, not listed: 404" { not_public; }
@test "a file that is gone is 404, and the next one is served" { file_gone; }

@test "several ranges at once are the whole file, or the parts that were asked for" {
	fetched "$nonce" "$got" -H "Range: bytes=0-9,1000-1009"
	case $status in
	200) cmp "$got" "$H/a.mp4" ;;
	206) [[ "$(header Content-Type)" == multipart/byteranges* ]] ;;
	*) false ;;
	esac
}

@test "a nonce that is none is 404" {
	for n in "" x "${nonce:0:31}" "${nonce}0" "${nonce^^}" "$(printf '%0300d' 0)" "$nonce/" "$nonce/x" ../r/x; do
		fetch "$n" --path-as-is
		is "$status" 404
	done
}

@test "another method is 405 and says which are right" {
	fetch "$nonce" -X POST -d x=1
	is "$status" 405
	is "$(header Allow)" "GET, HEAD"
	fetch "$nonce" -X DELETE
	is "$status" 405
}

@test "a tenant's own host serves it too" {
	ask "acme.$H_DOMAIN" "/b3lb/r/$nonce" -I
	is "$status" 200
}

@test "a file that ends too early breaks the connection: nobody takes it for whole" {
	file=$(find "$H/recordings" -type f)
	truncate -s 100000 "$file"
	fetched "$nonce" "$got"
	is "$status" 200
	[ "$code" = 18 ]
	truncate -s 300000 "$file"
	fetched "$nonce" "$got"
	is "$code" 0
}

@test "text tracks are served like videos" {
	printf 'WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n' >"$H/t.vtt"
	key=$(stored "$H/t.vtt")
	track=$(sql "insert into b3lb.text_track (record_set_id, kind, lang, size, storage_key)
		select id, 'captions', 'en', $(stat -c %s "$H/t.vtt"), '$key' from b3lb.record_set returning nonce")
	fetched "$track" "$got"
	is "$status" 200
	cmp "$got" "$H/t.vtt"
	is "$(header Content-Type)" "text/vtt; charset=utf-8"
	is "$(header Access-Control-Allow-Origin)" "*"
	sql "update b3lb.record_set set published = false"
	fetch "$track"
	is "$status" 404
}

@test "the database is away: 503, come again" {
	h_pg_down immediate
	fetch "$nonce"
	h_pg_up
	is "$status" 503
	[ -n "$(header Retry-After)" ]
	h_wait curl -fsS -o /dev/null -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT/b3lb/r/$nonce"
}

@test "no nonce reaches a log" {
	fetched "$nonce" "$got"
	fetch "${nonce/[0-9]/x}"
	! grep -r --include='*.log' "$nonce" "$H" || false
}
