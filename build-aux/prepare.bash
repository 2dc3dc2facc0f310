# What demo and check share: Debian's packages, and a build in a directory of its own. To be sourced.

BUILD_PACKAGES="autoconf automake autoconf-archive gcc make pkg-config libpq-dev libssl-dev libxml2-dev
	libcurl4-openssl-dev libjansson-dev libjwt-dev libarchive-dev libcrypt-dev libmagic-dev libmicrohttpd-dev libcmocka-dev libcairo2-dev
	libpango1.0-dev librsvg2-dev libseccomp-dev"
RUN_PACKAGES="postgresql lighttpd curl libxml2-utils procps perl-base ffmpeg fonts-liberation fonts-comic-neue libjs-chart.js"
TEST_PACKAGES="bats jq pgbouncer clang clang-format apache2 libapache2-mod-fcgid libapache2-mod-xsendfile chromium libfcgi-dev libfcgi-bin spawn-fcgi openssl librsvg2-bin python3 python3-requests python3-yaml prometheus faketime mandoc systemd xz-utils
	libclang-rt-dev ceph-mon ceph-osd ceph-common radosgw"
# For the packages and their test, and the limits that they ship.
TEST_PACKAGES="$TEST_PACKAGES debhelper git lintian mmdebstrap systemd-container libapache2-mod-qos lighttpd-modules-lua
	lighttpd-mod-openssl"

# Installs what is missing of the packages named; says what to do where it may not.
prepare_packages() {
	local missing=() p
	for p in "$@"; do
		dpkg-query -W -f '${db:Status-Status}\n' "$p" 2>/dev/null | grep -qx installed || missing+=("$p")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	echo "installing ${missing[*]}"
	local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0)
	# A machine that is thrown away afterwards need not have them on its disk.
	[ -z "${CI:-}" ] || apt+=(-o Dpkg::Options::=--force-unsafe-io)
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null || {
			echo "these packages are missing and only root can install them: ${missing[*]}" >&2
			return 1
		}
		apt=(sudo "${apt[@]}")
	fi
	"${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null
}

# Builds SOURCE in BUILD and installs below PREFIX: prepare_build SOURCE BUILD PREFIX [configure arguments]
prepare_build() {
	local source=$1 build=$2 prefix=$3
	shift 3
	[ -x "$source/configure" ] || (cd "$source" && autoreconf -i) || return 1
	mkdir -p "$build" "$prefix"
	[ -e "$build/config.status" ] || (cd "$build" && "$source/configure" --quiet --prefix="$prefix" \
		--sysconfdir="$prefix/etc" --localstatedir="$prefix/var" "$@") || return 1
	make -C "$build" -s -j"$(nproc)" all && make -C "$build" -s install >/dev/null
}
