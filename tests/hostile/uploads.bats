# What a node can do to others, or to the disk, with the recordings that it sends.
load ../harness/harness.bash
load ../harness/recording.bash
load hostile.bash
setup_file() {
	h_start 1
	h_front_stop
	mkdir -p -m 777 "$H/recordings" "$H/render"
	h_conf "record_path = $H/recordings" "render_path = $H/render" "record_free_min = 1" "record_upload_max = 64" "backend_allow = 127.0.0.0/8"
	h_front_start
	rec_video
}
teardown_file() { h_stop; }
setup() {
	h_reset
	sql "set client_min_messages = error; truncate b3lb.record_set cascade"
	find "$H/recordings" "$H/render" -mindepth 1 -delete
	rec_meeting abc
	T=$BATS_TEST_TMPDIR
	rec_tar "$T/a.tar" "$internal" "$nonce" "$node_id"
}
set_is() { sql "select $1 from b3lb.record_set where record_id = '${2:-$internal}'"; }
# An archive whose video is FILE: with_video FILE [tar options]
with_video() {
	mkdir -p "$T/w/video/$internal"
	cp --sparse=always "$1" "$T/w/video/$internal/video-0.m4v"
	tar -C "$T/w" -cf "$T/w.tar" "${@:2}" video
	cp "$T/a.tar.xml" "$T/w.tar.xml"
	rm -rf "$T/w"
}

@test "a nonce opens its own recording, not another of the tenant" {
	local first=$internal first_nonce=$nonce
	upload "$nonce" "$T/a.tar"
	is "$status" 200
	key=$(set_is archive_key)
	rec_meeting other
	rec_tar "$T/b.tar" "$first" "$nonce" "$node_id"
	upload "$nonce" "$T/b.tar"
	[[ "$status" =~ ^4 ]]
	is "$(set_is archive_key "$first")" "$key"
	is "$(stored)/$(unfinished)" 1/0
	# Its own may come again.
	upload "$first_nonce" "$T/a.tar"
	is "$status" 200
}

@test "a nonce of one tenant does nothing to a recording of another" {
	upload "$nonce" "$T/a.tar"
	key=$(set_is archive_key)
	beta create "meetingID=theirs&name=Theirs&record=true"
	theirs=$(sql "select nonce from b3lb.record_set where record_id = '$(x /response/internalMeetingID)'")
	upload "$theirs" "$T/a.tar"
	is "$(sql "select archive_key from b3lb.record_set r join b3lb.tenant t on t.id = tenant_id where record_id = '$internal' and slug = 'acme'")" "$key"
	bbb getRecordings "state=any"
	is "$(x 'count(//recording)')" 1
}

@test "no name of the archive is a path of ours" {
	mkdir -p "$T/x"
	cp "$REC_VIDEO" "$T/x/v"
	(cd "$T/x" && tar -P --transform "s|^v$|../../../../../../../../../$H/evil/video/$internal/video-0.m4v|" -cf "$T/e.tar" v && ln -s /etc/passwd link && tar -rf "$T/e.tar" link &&
		tar -P --transform "s|^v$|$H/evil-absolute|" -rf "$T/e.tar" v)
	cp "$T/a.tar.xml" "$T/e.tar.xml"
	upload "$nonce" "$T/e.tar"
	is "$status" 200
	run job render
	[ ! -e "$H/evil" ]
	[ ! -e "$H/evil-absolute" ]
	is "$(find "$H/render" -type f | wc -l)" 0
}

@test "a hole of a hundred gigabytes in an archive of ten kilobytes does not fill the disk" {
	truncate -s 100G "$T/sparse"
	printf x >>"$T/sparse"
	for format in gnu posix; do
		with_video "$T/sparse" -S --format=$format
		[ "$(stat -c %s "$T/w.tar")" -lt 100000 ]
		sql "update b3lb.record_set set status = 'WAITING', render_tries = 0"
		upload "$nonce" "$T/w.tar"
		is "$status" 200
		run timeout 60 "$B3LB_PREFIX/libexec/b3lb/b3lb-render" --config "$H/b3lb.conf"
		[ "$status" != 124 ]
		[[ "$(set_is render_error)" == *"larger than the archive"* ]]
	done
}

@test "a video that refers to other files or hosts is none" {
	printf '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n' >"$T/m3u8"
	printf 'ffconcat version 1.0\nfile /etc/passwd\n' >"$T/concat"
	for f in m3u8 concat; do
		with_video "$T/$f"
		upload "$nonce" "$T/w.tar"
		is "$status" 200
		run job render
		is "$(sql 'select count(*) from b3lb.record')" 0
		[ -n "$(set_is render_error)" ]
	done
}

@test "metadata: entities, depth, length, forged ids" {
	for id in ../x 'a b' "a'; drop table b3lb.record_set; --" "$(printf 'x%.0s' $(seq 200))" ''; do
		rec_meta "$T/m" "$id" "$nonce"
		ask "$H_DOMAIN" "/b3lb/b/recording/upload?nonce=$nonce" -F "meta=@$T/m/metadata.xml" -F "file=@$T/a.tar"
		is "$status" 422
	done
	for doctype in '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY x "&a;&a;&a;&a;&a;&a;">]>'; do
		{ printf '%s' "$doctype"; sed '1d; s|Lesson|\&x;|' "$T/a.tar.xml"; } >"$T/xxe.xml"
		ask "$H_DOMAIN" "/b3lb/b/recording/upload?nonce=$nonce" -F "meta=@$T/xxe.xml" -F "file=@$T/a.tar"
		is "$status" 422
	done
	{ printf '<recording><id>%s</id>' "$internal"; printf '<a>%.0s' $(seq 3000); } >"$T/deep.xml"
	ask "$H_DOMAIN" "/b3lb/b/recording/upload?nonce=$nonce" -F "meta=@$T/deep.xml" -F "file=@$T/a.tar"
	is "$status" 422
	is "$(set_is status)" WAITING
	is "$(stored)/$(unfinished)" 0/0
}

@test "names of the metadata are text to the client, whatever they are" {
	sed "s|Lesson &amp; More|\&lt;script\&gt;]]\&gt;\&quot;'; x: ../../y|; s|<gl-listed>true|<evil>\&lt;/evil\&gt;\&lt;recording\&gt;</evil><gl-listed>true|" "$T/a.tar.xml" >"$T/t.xml"
	ask "$H_DOMAIN" "/b3lb/b/recording/upload?nonce=$nonce" -F "meta=@$T/t.xml" -F "file=@$T/a.tar"
	is "$status" 200
	run job render
	bbb getRecordings "state=any"
	answers 200 SUCCESS
	is "$(x 'count(//recording)')" 1
	is "$(x //recording/name)" "<script>]]>\"'; x: ../../y"
	bbb publishRecordings "recordID=$internal&publish=true"
	bbb getRecordings ""
	url=$(x '//format/url')
	ask "$H_DOMAIN" "/b3lb/r/${url##*/}" -r 0-0
	is "$status" 206
	[[ "$(header content-disposition)" =~ ^inline\;\ filename=\"[^\"/\\\<:]*\.mp4\"$ ]]
}

@test "a multipart body that is none, or lies about itself" {
	for body in '' 'x' '--b--\r\n' '--b\r\n\r\n\r\n--b--' '--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n' \
		'--b\r\nContent-Disposition: form-data; name="meta"\r\n\r\n<a/>\r\n--b--'; do
		printf -- "$body" >"$T/body"
		ask "$H_DOMAIN" "/b3lb/b/recording/upload?nonce=$nonce" -H "Content-Type: multipart/form-data; boundary=b" --data-binary "@$T/body"
		[[ "$status" =~ ^4 ]]
	done
	is "$(stored)/$(unfinished)" 0/0
	is "$(set_is status)" WAITING
}
