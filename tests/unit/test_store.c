/* SPDX-License-Identifier: ISC */
/* Tests of the store: nothing is seen before it is whole, nothing is left of what was given up. Without
 * arguments of a local one; with ENDPOINT BUCKET ACCESS-KEY SECRET-KEY of an S3 store, whose bucket is empty.
 */
#include "config.h"
#include "unit.h"

#include "store/store.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char root[] = "/tmp/b3lb-store-XXXXXX";
static struct conf conf = {
	.record_storage = CONF_STORAGE_LOCAL, .record_path = root, .s3_region = "us-east-1"};
static struct store *store;

/* What store_list has found. */
struct found {
	int objects, pending;
	char key[STORE_KEY_LEN + 1];
	bool drop;
};

static int count_entry(void *ctx, const struct store_entry *entry, struct err *err)
{
	struct found *f = ctx;

	*(entry->pending ? &f->pending : &f->objects) += 1;
	snprintf(f->key, sizeof(f->key), "%s", entry->key);
	return f->drop ? store_drop(store, entry, err) : 0;
}

static struct found list(bool drop)
{
	struct found f = {.drop = drop};
	struct err err = {0};

	assert_int_equal(store_list(store, count_entry, &f, &err), 0);
	return f;
}

static void put(const char *key, const char *text)
{
	struct err err = {0};
	struct store_put *p = store_put_begin(store, key, "text/plain", &err);

	assert_non_null(p);
	assert_int_equal(store_put_write(p, text, strlen(text), &err), 0);
	assert_int_equal(store_put_commit(p, &err), 0);
}

#define PART (5u << 20)
#define MANY (2 * PART + 12345)

static unsigned char byte_at(size_t i)
{
	return (unsigned char)(i * 31 + (i >> 11));
}

static void write_bytes(struct store_put *p, size_t count)
{
	unsigned char data[40000];
	struct err err = {0};

	for (size_t at = 0; at < count;) {
		size_t n = count - at < sizeof(data) ? count - at : sizeof(data);

		for (size_t i = 0; i < n; i++)
			data[i] = byte_at(at + i);
		assert_int_equal(store_put_write(p, data, n, &err), 0);
		at += n;
	}
}

static void check_bytes(const char *key, size_t offset, size_t length)
{
	unsigned char data[30000];
	struct err err = {0};
	struct store_reader *r = store_reader_open(store, key, (long long)offset, (long long)length, &err);
	size_t got = 0;
	ssize_t n;

	assert_non_null(r);
	while ((n = store_reader_read(r, data, sizeof(data), &err)) > 0) {
		for (ssize_t i = 0; i < n; i++)
			assert_int_equal(data[i], byte_at(offset + got + (size_t)i));
		got += (size_t)n;
	}
	assert_int_equal(n, 0);
	assert_int_equal(got, length);
	store_reader_close(r);
}

static void test_written_once_whole(void **state)
{
	char key[STORE_KEY_LEN + 1], other[STORE_KEY_LEN + 1], data[16] = "";
	struct store_object object;
	struct store_reader *r;
	struct store_put *p;
	struct err err = {0};

	(void)state;
	store_key_make(key);
	store_key_make(other);
	assert_string_not_equal(key, other);
	p = store_put_begin(store, key, "text/plain", &err);
	assert_non_null(p);
	assert_int_equal(store_put_write(p, "hello", 5, &err), 0);
	assert_int_equal(store_stat(store, key, &object, &err), -1);
	assert_int_equal(err.kind, ERR_NOT_FOUND);
	assert_null(store_reader_open(store, key, 0, 1, &err));
	assert_int_equal(list(false).objects, 0);
	assert_int_equal(store_put_write(p, " world", 6, &err), 0);
	assert_int_equal(store_put_commit(p, &err), 0);
	assert_int_equal(store_stat(store, key, &object, &err), 0);
	assert_int_equal(object.size, 11);
	r = store_reader_open(store, key, 6, 5, &err);
	assert_non_null(r);
	assert_int_equal(store_reader_read(r, data, 3, &err), 3);
	assert_int_equal(store_reader_read(r, data + 3, sizeof(data) - 3, &err), 2);
	assert_string_equal(data, "world");
	assert_int_equal(store_reader_read(r, data, sizeof(data), &err), 0);
	store_reader_close(r);
	assert_int_equal(store_delete(store, key, &err), 0);
	assert_int_equal(store_delete(store, key, &err), 0);
	assert_int_equal(store_stat(store, key, &object, &err), -1);
}

static void test_given_up(void **state)
{
	char key[STORE_KEY_LEN + 1];
	struct err err = {0};
	struct store_put *p;
	struct found f;

	(void)state;
	store_key_make(key);
	p = store_put_begin(store, key, "text/plain", &err);
	assert_non_null(p);
	write_bytes(p, MANY);
	assert_int_equal(list(false).pending, 1);
	store_put_abort(p);
	f = list(false);
	assert_int_equal(f.objects + f.pending, 0);
}

/* Sizes around the parts of an S3 store; each byte comes back where it was. */
static void test_sizes(void **state)
{
	static const size_t sizes[] = {0, 1, PART - 1, PART, PART + 1, MANY};
	char key[STORE_KEY_LEN + 1];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct store_object object;
		struct store_put *p;
		struct err err = {0};

		store_key_make(key);
		p = store_put_begin(store, key, "video/mp4", &err);
		assert_non_null(p);
		write_bytes(p, sizes[i]);
		assert_int_equal(store_put_commit(p, &err), 0);
		assert_int_equal(store_stat(store, key, &object, &err), 0);
		assert_int_equal(object.size, sizes[i]);
		assert_true(object.modified >= time(NULL) - 60 && object.modified <= time(NULL) + 60);
		check_bytes(key, 0, sizes[i]);
		if (sizes[i] > 1) {
			check_bytes(key, 0, 1);
			check_bytes(key, sizes[i] - 1, 1);
			check_bytes(key, sizes[i] / 2, sizes[i] / 3);
		}
	}
	assert_int_equal(list(true).objects, ARRAY_SIZE(sizes));
}

/* A reader that asks for more than is there is told so, not given less. */
static void test_too_short(void **state)
{
	char key[STORE_KEY_LEN + 1], data[16];
	struct err err = {0};
	struct store_reader *r;

	(void)state;
	store_key_make(key);
	put(key, "hello");
	r = store_reader_open(store, key, 0, 6, &err);
	assert_non_null(r);
	assert_int_equal(store_reader_read(r, data, sizeof(data), &err), 5);
	assert_int_equal(store_reader_read(r, data, sizeof(data), &err), -1);
	assert_int_equal(err.kind, ERR_AWAY);
	store_reader_close(r);
	assert_int_equal(list(true).objects, 1);
}

static void test_lists_and_drops(void **state)
{
	char key[STORE_KEY_LEN + 1], path[128];
	struct err err = {0};
	struct store_put *p;
	struct found f;
	FILE *other;

	(void)state;
	for (int i = 0; i < 20; i++) {
		store_key_make(key);
		put(key, "x");
	}
	store_key_make(key);
	p = store_put_begin(store, key, "text/plain", &err);
	assert_non_null(p);
	write_bytes(p, MANY);
	if (conf.record_storage == CONF_STORAGE_LOCAL) {
		snprintf(path, sizeof(path), "%s/tmp/lost+found", root);
		other = fopen(path, "w");
		assert_non_null(other);
		fclose(other);
	}
	f = list(true);
	assert_int_equal(f.objects, 20);
	assert_int_equal(f.pending, 1);
	f = list(false);
	assert_int_equal(f.objects + f.pending, 0);
	if (conf.record_storage == CONF_STORAGE_LOCAL)
		assert_int_equal(unlink(path), 0);
	/* Its file was taken away under it, as from a process that was taken for dead. */
	assert_int_equal(store_put_commit(p, &err), -1);
	f = list(false);
	assert_int_equal(f.objects + f.pending, 0);
}

static int remember_entry(void *ctx, const struct store_entry *entry, struct err *err)
{
	struct store_entry *last = ctx;
	static char key[STORE_KEY_LEN + 1];

	(void)err;
	snprintf(key, sizeof(key), "%s", entry->key);
	*last = *entry;
	last->key = key;
	return 0;
}

/* What was put aside is found as such, with its size and since when, and comes back or goes. */
static void test_lost(void **state)
{
	char key[STORE_KEY_LEN + 1], path[128];
	struct store_entry last = {0};
	struct store_object object;
	struct err err = {0};

	(void)state;
	store_key_make(key);
	put(key, "twelve bytes");
	/* It is older than it is put aside. */
	if (conf.record_storage == CONF_STORAGE_LOCAL) {
		const struct timespec old[] = {{.tv_sec = 1000}, {.tv_sec = 1000}};

		snprintf(path, sizeof(path), "%s/%.2s/%s", root, key, key);
		assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
	}
	assert_int_equal(store_regain(store, key, &err), -1);
	assert_int_equal(err.kind, ERR_NOT_FOUND);
	assert_int_equal(store_lose(store, key, &err), 0);
	assert_int_equal(store_list_lost(store, remember_entry, &last, &err), 0);
	assert_string_equal(last.key, key);
	assert_true(last.lost);
	assert_int_equal(last.object.size, 12);
	assert_true(last.object.modified > time(NULL) - 3600);
	if (conf.record_storage == CONF_STORAGE_LOCAL) {
		assert_int_equal(store_stat(store, key, &object, &err), -1);
		assert_int_equal(err.kind, ERR_NOT_FOUND);
		assert_int_equal(list(false).objects, 0);
	}
	assert_int_equal(store_regain(store, key, &err), 0);
	assert_int_equal(store_stat(store, key, &object, &err), 0);
	assert_int_equal(object.size, 12);
	last.key = NULL;
	assert_int_equal(store_list_lost(store, remember_entry, &last, &err), 0);
	assert_null(last.key);
	assert_int_equal(store_lose(store, key, &err), 0);
	assert_int_equal(store_list_lost(store, remember_entry, &last, &err), 0);
	assert_int_equal(store_drop(store, &last, &err), 0);
	last.key = NULL;
	assert_int_equal(store_list_lost(store, remember_entry, &last, &err), 0);
	assert_null(last.key);
	assert_int_equal(store_stat(store, key, &object, &err), -1);
}

/* Names that come from elsewhere never become paths. */
static void test_keys(void **state)
{
	static const char *const bad[] = {"", "..", "../../../../../../../../etc/passwd",
		"0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdeF",
		"0123456789abcdef0123456789abcdef0", "/123456789abcdef0123456789abcdef"};
	struct store_object object;
	struct arena a = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct err err = {0};

		assert_int_equal(store_stat(store, bad[i], &object, &err), -1);
		assert_int_equal(err.kind, ERR_INTERNAL);
		assert_null(store_put_begin(store, bad[i], "text/plain", &err));
		assert_null(store_reader_open(store, bad[i], 0, 1, &err));
		assert_int_equal(store_delete(store, bad[i], &err), -1);
		assert_null(store_path(store, &a, bad[i]));
	}
	assert_string_equal(store_path(store, &a, "abcdef0123456789abcdef0123456789") + strlen(root),
		"/ab/abcdef0123456789abcdef0123456789");
	arena_free(&a);
}

static void test_full(void **state)
{
	struct rlimit limit, small;
	char key[STORE_KEY_LEN + 1], data[4096] = "";
	struct err err = {0};
	struct store_put *p;
	struct found f;

	(void)state;
	store_key_make(key);
	p = store_put_begin(store, key, "text/plain", &err);
	assert_non_null(p);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	small = limit;
	small.rlim_cur = 10000;
	setrlimit(RLIMIT_FSIZE, &small);
	assert_int_equal(store_put_write(p, data, sizeof(data), &err), 0);
	assert_int_equal(store_put_write(p, data, sizeof(data), &err), 0);
	assert_int_equal(store_put_write(p, data, sizeof(data), &err), -1);
	setrlimit(RLIMIT_FSIZE, &limit);
	assert_int_equal(err.kind, ERR_LIMIT);
	store_put_abort(p);
	f = list(false);
	assert_int_equal(f.objects + f.pending, 0);
}

/* Without its directory nothing is made elsewhere, and nothing counts as deleted. */
static void test_away(void **state)
{
	struct conf away = {.record_storage = CONF_STORAGE_LOCAL, .record_path = "/nonexistent/recordings"};
	struct store *s = store_open(&away);
	struct found f = {0};
	struct err err = {0};
	char key[STORE_KEY_LEN + 1];
	long long bytes;

	(void)state;
	store_key_make(key);
	assert_null(store_put_begin(s, key, "text/plain", &err));
	assert_int_equal(err.kind, ERR_AWAY);
	assert_non_null(strstr(err.text, "record_path /nonexistent/recordings"));
	assert_int_equal(store_delete(s, key, &err), -1);
	assert_int_equal(store_list(s, count_entry, &f, &err), -1);
	assert_int_equal(store_free_bytes(s, &bytes, &err), -1);
	store_close(s);
	assert_int_equal(store_free_bytes(store, &bytes, &err), 0);
	assert_true(bytes > 0);
}

static void test_refused(void **state)
{
	struct conf other = conf;
	struct store_object object;
	struct err err = {0};
	struct found f = {0};
	struct store *s;
	char key[STORE_KEY_LEN + 1];

	(void)state;
	store_key_make(key);
	other.s3_secret_key = "not-the-secret-key";
	s = store_open(&other);
	assert_int_equal(store_stat(s, key, &object, &err), -1);
	assert_int_equal(err.kind, ERR_AWAY);
	assert_int_equal(store_list(s, count_entry, &f, &err), -1);
	assert_non_null(strstr(err.text, "SignatureDoesNotMatch"));
	assert_null(strstr(err.text, other.s3_secret_key));
	store_close(s);
	other = conf;
	other.s3_bucket = "no-such-bucket";
	s = store_open(&other);
	assert_int_equal(store_list(s, count_entry, &f, &err), -1);
	assert_int_equal(err.kind, ERR_AWAY);
	assert_int_equal(store_delete(s, key, &err), -1);
	store_close(s);
	other = conf;
	other.s3_endpoint = "http://127.0.0.1:1";
	s = store_open(&other);
	assert_int_equal(store_stat(s, key, &object, &err), -1);
	assert_int_equal(err.kind, ERR_AWAY);
	store_close(s);
	other.s3_endpoint = "127.0.0.1";
	s = store_open(&other);
	assert_int_equal(store_stat(s, key, &object, &err), -1);
	assert_non_null(strstr(err.text, "s3_endpoint"));
	assert_null(store_put_begin(s, key, "text/plain", &err));
	store_close(s);
}

/* A presigned URL opens to anyone who has it, as long as nobody changes it. */
static void test_presigned(void **state)
{
	char key[STORE_KEY_LEN + 1], command[4096], out[2048] = "";
	struct buf url = BUF_INIT;
	struct err err = {0};
	FILE *curl;

	(void)state;
	store_key_make(key);
	put(key, "hello world");
	assert_int_equal(
		store_presign(store, key, 60, "video/mp4", "attachment; filename=\"a b.mp4\"", &url, &err),
		0);
	snprintf(command, sizeof(command), "curl -sS -i -H 'Range: bytes=6-' '%s'; curl -sS '%sx'",
		buf_str(&url), buf_str(&url));
	curl = popen(command, "r");
	assert_non_null(curl);
	assert_true(fread(out, 1, sizeof(out) - 1, curl) > 0);
	pclose(curl);
	assert_non_null(strstr(out, " 206"));
	assert_non_null(strstr(out, "\r\n\r\nworld"));
	assert_non_null(strcasestr(out, "content-type: video/mp4"));
	assert_non_null(strcasestr(out, "content-disposition: attachment; filename=\"a b.mp4\""));
	assert_non_null(strstr(out, "SignatureDoesNotMatch"));
	buf_free(&url);
	assert_int_equal(list(true).objects, 1);
}

/* More than one page of a listing. */
static void test_pages(void **state)
{
	char key[STORE_KEY_LEN + 1];

	(void)state;
	for (int i = 0; i < 1005; i++) {
		store_key_make(key);
		put(key, "x");
	}
	assert_int_equal(list(true).objects, 1005);
	assert_int_equal(list(false).objects, 0);
}

#define IN_BOTH                                                                                              \
	cmocka_unit_test(test_written_once_whole), cmocka_unit_test(test_given_up),                          \
		cmocka_unit_test(test_sizes), cmocka_unit_test(test_too_short),                              \
		cmocka_unit_test(test_lists_and_drops), cmocka_unit_test(test_lost)

int main(int argc, char **argv)
{
	const struct CMUnitTest local[] = {IN_BOTH, cmocka_unit_test(test_keys), cmocka_unit_test(test_full),
		cmocka_unit_test(test_away)};
	const struct CMUnitTest s3[] = {IN_BOTH, cmocka_unit_test(test_refused),
		cmocka_unit_test(test_presigned), cmocka_unit_test(test_pages)};
	char command[64];
	int rc;

	if (!mkdtemp(root))
		return 1;
	if (argc == 5) {
		conf.record_storage = CONF_STORAGE_S3;
		conf.s3_endpoint = argv[1];
		conf.s3_bucket = argv[2];
		conf.s3_access_key = argv[3];
		conf.s3_secret_key = argv[4];
	}
	store = store_open(&conf);
	rc = argc == 5 ? cmocka_run_group_tests_name("store_s3", s3, NULL, NULL)
		       : cmocka_run_group_tests_name("store", local, NULL, NULL);
	store_close(store);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) == 0 ? rc : 1;
}
