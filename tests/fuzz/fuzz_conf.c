/* SPDX-License-Identifier: ISC */
/* The configuration file: what is taken is shown as it would stand in a file, and that file is taken again.
 */
#include "config.h"
#include "fuzz.h"

#include "base/buf.h"
#include "base/conf.h"

#include <sys/mman.h>
#include <unistd.h>

/* Loads text through the file that it is read from in life. */
static int load(const char *text, size_t len, struct conf *conf, struct err *err)
{
	char path[64];
	int fd = memfd_create("b3lb.conf", MFD_CLOEXEC), rc;

	FUZZ_REQUIRE(fd != -1 && write(fd, text, len) == (ssize_t)len);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	rc = conf_load(conf, path, err);
	close(fd);
	return rc;
}

static void show(const struct conf *conf, struct buf *out)
{
	char value[70000];

	for (const struct conf_key *k = conf_keys; k->name; k++) {
		conf_value(conf, k, value, sizeof(value));
		buf_printf(out, "%s = %s\n", k->name, value);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf conf, again;
	struct buf once = BUF_INIT, twice = BUF_INIT;
	struct err err = {0};

	if (load((const char *)data, size, &conf, &err) == -1) {
		FUZZ_REQUIRE(err.kind == ERR_INVALID && err.text[0]);
		return 0;
	}
	FUZZ_REQUIRE(conf.threads >= 1 && conf.database_connections >= 1 && conf.node_concurrency >= 1 &&
		     conf.poll_window >= 1 && conf.allowed_sha_algorithms && conf.api_base_domain[0]);
	show(&conf, &once);
	FUZZ_REQUIRE(load(once.ptr, once.len, &again, &err) == 0);
	show(&again, &twice);
	FUZZ_REQUIRE(strcmp(once.ptr, twice.ptr) == 0);
	conf_free(&conf);
	conf_free(&again);
	buf_free(&once);
	buf_free(&twice);
	return 0;
}
