/* SPDX-License-Identifier: ISC */
/* What a process remembers of tenants: by slug, sub id and host, and nothing for anybody else. */
#include "config.h"
#include "unit.h"

#include "core/tenant_cache.h"

static struct route route_of(const char *slug, int sub_id, bool by_label)
{
	struct route route = {.kind = ROUTE_API, .sub_id = sub_id, .by_label = by_label};

	snprintf(route.slug, sizeof(route.slug), "%s", slug);
	return route;
}

static void put(const char *slug, int sub_id, const char *host, const char *secret, long long version)
{
	struct route route = route_of(slug, sub_id, false);
	char text[64];
	struct tenant tenant = {.id = 1,
		.secret_id = 2,
		.slug = slug,
		.sub_id = sub_id,
		.secrets = {text, NULL},
		.version = version};

	/* The cache keeps copies: this text is gone when it is asked. */
	snprintf(text, sizeof(text), "%s", secret);
	tenant_cache_put(&route, host, &tenant);
	memset(text, 'x', sizeof(text) - 1);
}

/* The secret that is remembered, in a buffer of its own; "" for nothing. */
static const char *got(const char *slug, int sub_id, bool by_label, const char *host)
{
	static char secret[64];
	struct route route = route_of(slug, sub_id, by_label);
	struct arena a = {0};
	struct tenant tenant;

	secret[0] = '\0';
	if (tenant_cache_get(&a, &route, host, &tenant)) {
		assert_string_equal(tenant.slug, slug);
		assert_null(tenant.secrets[1]);
		assert_int_equal(tenant.rules.count, 0);
		snprintf(secret, sizeof(secret), "%s", tenant.secrets[0]);
	}
	arena_free(&a);
	return secret;
}

static void test_key(void **state)
{
	(void)state;
	assert_string_equal(got("acme", 0, false, "h"), "");
	put("acme", 0, "h", "s0", 1);
	put("acme", 5, "h", "s5", 1);
	put("acme", 0, "g", "g0", 1);
	assert_string_equal(got("acme", 0, false, "h"), "s0");
	assert_string_equal(got("acme", 5, false, "h"), "s5");
	assert_string_equal(got("acme", 0, false, "g"), "g0");
	assert_string_equal(got("acme", 1, false, "h"), "");
	assert_string_equal(got("beta", 0, false, "h"), "");
	assert_string_equal(got("acme", 0, false, "i"), "");
	assert_string_equal(got("acme", 0, true, "h"), "");
}

static void test_new_version_replaces(void **state)
{
	(void)state;
	put("acme", 0, "h", "old", 1);
	put("acme", 0, "h", "new", 2);
	assert_string_equal(got("acme", 0, false, "h"), "new");
	/* A database that was put back has lower ones. */
	put("acme", 0, "h", "older", 1);
	assert_string_equal(got("acme", 0, false, "h"), "older");
}

/* A name that no tenant can have is nobody's, but where its host is asked for. */
static void test_bad_name(void **state)
{
	struct route route = route_of("", 0, false);
	struct arena a = {0};
	struct tenant tenant = {.slug = "acme", .secrets = {"s", NULL}, .version = 1};

	(void)state;
	route.bad_tenant = true;
	tenant_cache_put(&route, "host", &tenant);
	assert_false(tenant_cache_get(&a, &route, "host", &tenant));
	route.by_label = true;
	tenant_cache_put(&route, "host", &tenant);
	assert_true(tenant_cache_get(&a, &route, "host", &tenant));
	arena_free(&a);
}

/* More than there are places for: each that is found is right. */
static void test_many(void **state)
{
	char host[32], secret[32];
	int found = 0;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		snprintf(host, sizeof(host), "h%d.example", i);
		snprintf(secret, sizeof(secret), "s%d", i);
		put("many", i % 1000, host, secret, 1);
	}
	for (int i = 0; i < 3000; i++) {
		const char *have;

		snprintf(host, sizeof(host), "h%d.example", i);
		snprintf(secret, sizeof(secret), "s%d", i);
		have = got("many", i % 1000, false, host);
		if (*have) {
			assert_string_equal(have, secret);
			found++;
		}
	}
	assert_true(found > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_new_version_replaces),
		cmocka_unit_test(test_bad_name),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
