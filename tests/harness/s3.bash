# A real S3 server on loopback: Ceph's gateway with a monitor and one store in memory. To be sourced after harness.bash.
#
#	setup_file()    { h_start 1; s3_start; h_conf $(s3_conf); ... }
#	teardown_file() { h_stop; }           ends it too
#
# $S3_URL, $S3_BUCKET, $S3_ACCESS and $S3_SECRET say how it is reached.

S3_BUCKET=recordings
S3_ACCESS=b3lb-access
S3_SECRET=b3lb-secret-key

s3_write_conf() {
	cat >"$H/ceph/ceph.conf" <<-CONF
		[global]
		fsid = $1
		mon host = [v1:127.0.0.1:$2]
		ms bind msgr2 = false
		public addr = 127.0.0.1
		auth cluster required = none
		auth service required = none
		auth client required = none
		keyring = $H/ceph/keyring
		run dir = $H/ceph
		admin socket =
		log file = $H/ceph/\$name.log
		pid file =
		crash dir = $H/ceph
		osd pool default size = 1
		osd pool default min size = 1
		osd pool default pg num = 1
		osd pool default pgp num = 1
		osd pool default pg autoscale mode = off
		osd crush chooseleaf type = 0
		mon allow pool size one = true
		mon max pg per osd = 1000
		mon data avail crit = 1
		osd objectstore = memstore
		memstore device bytes = 4294967296
		[mon.a]
		mon data = $H/ceph/mon
		[osd.0]
		osd data = $H/ceph/osd
		[client.rgw]
		rgw frontends = beast endpoint=127.0.0.1:$3
		rgw run sync thread = false
		rgw enable usage log = false
	CONF
}

s3_store_up() { timeout 10 ceph osd stat 2>/dev/null | grep -q '1 up'; }

# An anonymous caller is answered: the gateway has made its pools.
s3_answers() { curl -fsS "$S3_URL/"; }

# A busy machine takes its time for it; what has ended by itself is not waited for: s3_wait PROGRAM COMMAND...
s3_wait() {
	local i name=$1
	shift
	for ((i = 0; i < 6; i++)); do
		h_wait "$@" 2>/dev/null && return 0
		kill -0 "$(cat "$H/$name.pid")" 2>/dev/null || break
	done
	tail -n 20 "$H/ceph/make.log" "$H/$name.log" >&2
	return 1
}

# The bucket, signed by curl: s3_get "?list-type=2", s3_get "" -X PUT
s3_get() {
	local query=$1
	shift
	curl -fsS --aws-sigv4 aws:amz:us-east-1:s3 --user "$S3_ACCESS:$S3_SECRET" -H "x-amz-content-sha256: UNSIGNED-PAYLOAD" \
		"$@" "$S3_URL/$S3_BUCKET$query"
}

s3_stop() {
	local f
	for f in ceph-rgw ceph-osd ceph-mon; do h_kill $f KILL; done
}

s3_try() {
	local mon rgw fsid
	mon=$(h_free_port) rgw=$(h_free_port)
	fsid=$(cat /proc/sys/kernel/random/uuid)
	rm -rf "$H/ceph"
	mkdir -p "$H/ceph/mon" "$H/ceph/osd"
	s3_write_conf "$fsid" "$mon" "$rgw"
	export CEPH_CONF=$H/ceph/ceph.conf S3_URL=http://127.0.0.1:$rgw
	{
		ceph-authtool --create-keyring "$H/ceph/keyring" --gen-key -n mon. --cap mon 'allow *' &&
			monmaptool --create --clobber --fsid "$fsid" --addv a "[v1:127.0.0.1:$mon]" "$H/ceph/monmap" &&
			ceph-mon -i a --mkfs --monmap "$H/ceph/monmap" --keyring "$H/ceph/keyring" || return 1
	} >"$H/ceph/make.log" 2>&1
	h_spawn ceph-mon ceph-mon -i a -f
	{
		ceph-osd -i 0 --mkfs --osd-uuid "$(cat /proc/sys/kernel/random/uuid)" &&
			timeout 60 ceph osd new "$(cat "$H/ceph/osd/fsid")" 0 &&
			timeout 60 ceph osd crush add osd.0 1.0 root=default host=localhost || return 1
	} >>"$H/ceph/make.log" 2>&1
	h_spawn ceph-osd ceph-osd -i 0 -f
	s3_wait ceph-osd s3_store_up || return 1
	h_spawn ceph-rgw radosgw -n client.rgw -f
	s3_wait ceph-rgw s3_answers || return 1
	radosgw-admin -n client.rgw user create --uid b3lb --display-name b3lb --access-key "$S3_ACCESS" --secret-key "$S3_SECRET" \
		>>"$H/ceph/make.log" 2>&1 || return 1
	s3_get "" -X PUT
}

# Ceph takes ports of its own beside the two that are free now, and does not always start on a busy machine: it gets three goes.
s3_start() {
	local i
	for ((i = 0; i < 3; i++)); do
		s3_try && return 0
		s3_stop
	done
	return 1
}

# The lines of a configuration that uses it.
s3_conf() {
	printf '%s\n' "record_storage = s3" "s3_endpoint = $S3_URL" "s3_bucket = $S3_BUCKET" "s3_access_key = $S3_ACCESS" \
		"s3_secret_key = $S3_SECRET"
}
