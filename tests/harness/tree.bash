# A Debian tree of its own, with systemd as its first process and a network of its own: ports 80 and 5432 are free there.
# For root. In setup_file: tree_base; tree_start DIRECTORY; in teardown_file: tree_stop.

# Debian's own packages that an administrator would download: they lie in the tree's cache, nothing there reaches a network.
TREE_PACKAGES="adduser apache2 cron ffmpeg libapache2-mod-xsendfile libarchive13 libcairo2 libcurl4 libjansson4 libjwt0 libmagic1
	libpango-1.0-0 libpangocairo-1.0-0 libpq5 librsvg2-2 libseccomp2 libxml2 lighttpd lighttpd-mod-openssl postgresql"

# What every Debian has beyond the barest one: lighttpd's reload needs /bin/kill.
TREE_SYSTEM=systemd-sysv,procps

# Makes the clean tree once, for later runs too; prints where it is.
tree_base() {
	local name
	name=$B3LB_SOURCE/.check/tree-$(. /etc/os-release && echo "$VERSION_CODENAME")-$(cksum <<<"$TREE_SYSTEM $TREE_PACKAGES" | cut -d' ' -f1)
	[ ! -d "$name" ] || { echo "$name"; return 0; }
	mkdir -p "$B3LB_SOURCE/.check"
	rm -rf "$name.new"
	# shellcheck disable=SC2086
	mmdebstrap --quiet --variant=minbase --include=$TREE_SYSTEM --skip=cleanup/apt --aptopt='APT::Install-Recommends "false"' \
		--customize-hook='chroot "$1" apt-get -q -y --download-only install '"$(echo $TREE_PACKAGES)" \
		"$(. /etc/os-release && echo "$VERSION_CODENAME")" "$name.new" >"$H/tree.base" 2>&1 && mv "$name.new" "$name" && echo "$name"
}

# Starts a copy of the clean tree, with a control group of its own: tree_start DIRECTORY. It is up when systemd says so.
tree_start() {
	local keep=()
	T=$1
	cp -a "$(tree_base)" "$T"
	printf '%s\n' 'APT::Install-Recommends "false";' 'APT::Get::Assume-Yes "true";' >"$T/etc/apt/apt.conf.d/90tree"
	echo force-unsafe-io >"$T/etc/dpkg/dpkg.cfg.d/tree"
	# Where systemd runs, it gives the tree its group.
	[ -d /run/systemd/system ] || keep=(--keep-unit)
	h_spawn tree tree_in_group systemd-nspawn --quiet --directory="$T" --boot --private-network --register=no "${keep[@]}" \
		--machine="$(tree_name)" --console=pipe
	tree_wait tree_leader || { tail -n 20 "$H/tree.log" && return 1; }
	tree_leader >"$H/tree.leader"
	tree_wait tree_up || { tail -n 20 "$H/tree.log" && return 1; }
}

# Services start and stop slower than what the harness starts by itself: a minute at most.
tree_wait() { H_PATIENCE=60 h_wait "$@"; }

tree_name() { echo "${H##*/}"; }
tree_leader() { pgrep -P "$(cat "$H/tree.pid")"; }
# Degraded: a unit of the tree, none of ours, does not like to be here.
tree_up() { [[ $(tree systemctl is-system-running) == @(running|degraded) ]]; }
tree_groups() { ls -d /sys/fs/cgroup/{,systemd/,unified/}cgroup.procs 2>/dev/null; }

tree_in_group() {
	local group
	for group in $(tree_groups); do
		group=${group%/*}/$(tree_name)
		[ -d /run/systemd/system ] || { mkdir "$group" && echo "$BASHPID" >"$group/cgroup.procs"; }
	done
	exec "$@"
}

# As root in the tree: tree COMMAND...
tree() {
	nsenter --target "$(cat "$H/tree.leader")" --mount --uts --ipc --net --pid --root --wd -- \
		env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
		"$@" 3>&- 4>&-
}

# A program of this machine in the tree's network: tree_net COMMAND...
tree_net() { nsenter --target "$(cat "$H/tree.leader")" --net -- "$@"; }

# Its first process takes all others with it.
tree_stop() {
	local group
	[ ! -s "$H/tree.leader" ] || kill -9 "$(cat "$H/tree.leader")" 2>/dev/null || true
	h_kill tree
	rm -f "$H/tree.leader"
	for group in $(tree_groups); do
		find "${group%/*}/$(tree_name)" -depth -type d -exec rmdir {} \; 2>/dev/null || true
	done
	rm -rf "${T:?}"
}
