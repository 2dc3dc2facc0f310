/* SPDX-License-Identifier: ISC */
/* Tests of the local store: nothing is seen before it is whole, nothing is left of what was given up. */
#include "config.h"
#include "unit.h"

#include "store.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <signal.h>

static char root[] = "/tmp/b3lb-store-XXXXXX";
static struct conf conf = {.record_storage = CONF_STORAGE_LOCAL, .record_path = root};
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
	assert_int_equal(list(false).pending, 1);
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
	assert_int_equal(store_put_write(p, "hello", 5, &err), 0);
	store_put_abort(p);
	f = list(false);
	assert_int_equal(f.objects + f.pending, 0);
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
	struct found f;
	FILE *other;

	(void)state;
	for (int i = 0; i < 20; i++) {
		store_key_make(key);
		put(key, "x");
	}
	store_key_make(key);
	assert_non_null(store_put_begin(store, key, "text/plain", &err)); /* as if killed */
	snprintf(path, sizeof(path), "%s/tmp/lost+found", root);
	other = fopen(path, "w");
	assert_non_null(other);
	fclose(other);
	f = list(true);
	assert_int_equal(f.objects, 20);
	assert_int_equal(f.pending, 1);
	f = list(false);
	assert_int_equal(f.objects + f.pending, 0);
	assert_int_equal(unlink(path), 0);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written_once_whole),
		cmocka_unit_test(test_given_up),
		cmocka_unit_test(test_too_short),
		cmocka_unit_test(test_lists_and_drops),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_away),
	};
	char command[64];
	int rc;

	if (!mkdtemp(root))
		return 1;
	store = store_open(&conf);
	rc = cmocka_run_group_tests_name("store", tests, NULL, NULL);
	store_close(store);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) == 0 ? rc : 1;
}
