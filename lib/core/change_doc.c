/* SPDX-License-Identifier: ISC */
/* What a change makes of an object's JSON: merged, checked, and as the document that writes it. */
#include "config.h"
#include "core/change_doc.h"

#include "base/sha.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *change_name(struct arena *a, const struct state_object *object, const char *name)
{
	char *copy = arena_strdup(a, name);

	return object == &state_tenant ? text_upper(copy) : object == &state_node ? text_lower(copy) : copy;
}

const char *change_label(struct arena *a, const struct change *c)
{
	bool secret = c->object == &state_secret;

	return arena_printf(
		a, "%s %s%s%s", c->object->what, secret ? c->parent : "", secret ? "-" : "", c->name);
}

static json_t *preset(const struct state_field *f)
{
	if (f->preset)
		return json_loads(f->preset, JSON_DECODE_ANY, NULL);
	return f->type == STATE_NAMES ? json_array() : json_null();
}

/* Whether a new value of null means the default. */
static bool has_preset(const struct state_field *f)
{
	return f->preset || f->type == STATE_NAMES || f->flags & STATE_NULLABLE;
}

/* Presets that the value of another field decides. */
static const struct {
	const struct state_object *object;
	const char *field, *by, *value, *preset;
} deciding[] = {
	/* What a node calls it: platforms show students the types presentation and video, and one of each. */
	{&state_profile, "type", "kind", "player", "presentation"},
};

/* Sets those that were not given, where all presets are set: by PUT. */
static void decide(const struct change *c, json_t *after)
{
	for (size_t i = 0; i < ARRAY_SIZE(deciding); i++) {
		const char *value = json_string_value(json_object_get(after, deciding[i].by));
		const json_t *said = json_object_get(c->body, deciding[i].field);

		if (c->kind == CHANGE_PUT && c->object == deciding[i].object &&
			(!said || json_is_null(said)) && value && strcmp(value, deciding[i].value) == 0)
			json_object_set_new(after, deciding[i].field, json_string(deciding[i].preset));
	}
}

/* What a change begins with: what is there, or for PUT what a new one has and is not said again. */
static json_t *beginning(const struct change *c, const json_t *before)
{
	json_t *base = json_object();

	for (const struct state_field *f = c->object->fields; f->name; f++) {
		json_t *was = json_object_get(before, f->name);
		bool stays = c->kind != CHANGE_PUT || f->flags & STATE_SECRET ||
			     (c->owner && !(f->flags & STATE_OWNER));

		if (was && stays)
			json_object_set(base, f->name, was);
		else if (c->kind == CHANGE_PUT && !(f->flags & (STATE_READ | STATE_SECRET)) &&
			 has_preset(f) && f->type != STATE_OBJECTS)
			json_object_set_new(base, f->name, preset(f));
	}
	return base;
}

/* Host names and tags are kept in lower case. */
static json_t *lowered(const json_t *list)
{
	json_t *out = json_array();

	for (size_t i = 0; i < json_array_size(list); i++) {
		char *text = mem_strdup(json_string_value(json_array_get(list, i)));

		json_array_append_new(out, json_string(text_lower(text)));
		free(text);
	}
	return out;
}

/* The name that the address gives; a body may say it again. */
static int set_name(struct arena *a, const struct change *c, json_t *after, struct err *err)
{
	const struct state_field *f = &c->object->fields[0];
	const char *name = change_name(a, c->object, c->name);
	const json_t *said = json_object_get(c->body, f->name);
	bool digits = text_is_number(name, 9);
	bool count = f->type == STATE_COUNT;

	if (count && (!digits || (*name == '0' && name[1])))
		return err_set(err, ERR_INVALID, "%s must be a whole number from 0 to %ld", f->name, f->max);
	if (said &&
		(count ? !json_is_integer(said) || json_integer_value(said) != atol(name)
		       : !json_is_string(said) || strcmp(change_name(a, c->object, json_string_value(said)),
							  name) != 0))
		return err_set(err, ERR_INVALID, "%s must be %.128s, as the address has it", f->name, name);
	json_object_set_new(after, f->name, count ? json_integer(atol(name)) : json_string(name));
	return 0;
}

/* One field of the body into what is to be. */
static int merge_field(
	const struct change *c, json_t *after, const char *name, json_t *value, struct err *err)
{
	const struct state_field *f = state_field(c->object, name);

	if (f == c->object->fields || (f && f->flags & STATE_READ) || strcmp(name, "live") == 0 ||
		strcmp(name, "etag") == 0)
		return 0;
	if (!f || f->type == STATE_OBJECTS)
		return err_set(err, ERR_INVALID, "%.64s: there is no such field", name);
	if (json_is_null(value) && has_preset(f))
		json_object_set_new(after, name, preset(f));
	else
		json_object_set(after, name, value);
	return 0;
}

/* A tenant's own administrator: which field he may not have changed; NULL: none. */
static const char *denied(const struct change *c, const json_t *before, const json_t *after)
{
	for (const struct state_field *f = c->object->fields; c->owner && f->name; f++) {
		const json_t *was = json_object_get(before, f->name), *is = json_object_get(after, f->name);

		if (!(f->flags & STATE_OWNER) && (!before || ((was || is) && !json_equal(was, is))))
			return f->name;
	}
	return NULL;
}

static const char *missing(const struct change *c, const json_t *after)
{
	for (const struct state_field *f = c->object->fields; f->name; f++)
		if (f->flags & STATE_REQUIRED && !json_object_get(after, f->name))
			return f->name;
	return NULL;
}

json_t *change_merge(
	struct arena *a, const struct change *c, const json_t *before, const char **field, struct err *err)
{
	static const char *const lower[] = {"aliases", "tags"};
	json_t *after = beginning(c, before), *value;
	const char *name;

	*field = NULL;
	if (c->body && !json_is_object(c->body)) {
		err_set(err, ERR_INVALID, "the body must be an object");
		goto bad;
	}
	*field = c->object->fields[0].name;
	if (set_name(a, c, after, err) == -1)
		goto bad;
	json_object_foreach((json_t *)c->body, name, value)
	{
		*field = arena_strdup(a, name);
		if (merge_field(c, after, name, value, err) == -1)
			goto bad;
	}
	decide(c, after);
	*field = missing(c, after);
	if (*field) {
		err_set(err, ERR_INVALID, "%s is missing", *field);
		goto bad;
	}
	if (state_check_object(after, c->object, err) == -1) {
		/* The complaint begins with the field. */
		*field = arena_strndup(a, err->text, strcspn(err->text, " .[:"));
		goto bad;
	}
	*field = denied(c, before, after);
	if (*field) {
		err_set(err, ERR_DENIED, "%s is not the tenant's own to change", *field);
		goto bad;
	}
	for (size_t i = 0; i < ARRAY_SIZE(lower); i++)
		if (json_object_get(after, lower[i]))
			json_object_set_new(after, lower[i], lowered(json_object_get(after, lower[i])));
	return after;
bad:
	json_decref(after);
	return NULL;
}

bool change_of_all(const struct change *c)
{
	return c->object == &state_parameter && strcmp(c->parent, CHANGE_ALL) == 0;
}

/* The field of an object that lists such ones; NULL: there is none. */
static const char *list_of(const struct state_object *outer, const struct state_object *object)
{
	const struct state_field *f = outer->fields;

	while (f->name && f->of != object)
		f++;
	return f->name;
}

json_t *change_whole(const struct change *c, const json_t *object)
{
	json_t *list = json_array(), *tenant;
	struct arena a = {0};

	if (object)
		json_array_append(list, (json_t *)object);
	if (c->parent && !change_of_all(c)) {
		tenant = json_object();
		json_object_set_new(tenant, "slug", json_string(change_name(&a, &state_tenant, c->parent)));
		json_object_set_new(tenant, list_of(&state_tenant, c->object), list);
		list = json_array();
		json_array_append_new(list, tenant);
	}
	arena_free(&a);
	return json_pack("{s:i, s:o}", "b3lb_state", 1,
		c->parent && !change_of_all(c) ? "tenants" : list_of(&state_root, c->object), list);
}

json_t *change_document(const struct change *c, const json_t *before, const json_t *after)
{
	json_t *changed = json_object(), *doc, *value;
	const char *name;

	json_object_foreach((json_t *)after, name, value)
	{
		const struct state_field *f = state_field(c->object, name);

		/* A parameter and an asset are written whole. */
		if (f->flags & STATE_REQUIRED || c->object == &state_parameter || c->object == &state_asset ||
			!json_equal(json_object_get(before, name), value))
			json_object_set(changed, name, value);
	}
	doc = change_whole(c, changed);
	json_decref(changed);
	return doc;
}

void change_etag(const json_t *object, const struct state_object *kind, char etag[CHANGE_ETAG_LEN + 1])
{
	json_t *copy = json_copy((json_t *)object);
	char hex[SHA_HEX_MAX + 1], *text;

	state_hide(copy, kind);
	json_object_del(copy, "etag");
	json_object_del(copy, "live");
	text = json_dumps(copy, JSON_SORT_KEYS | JSON_COMPACT);
	sha_hex(SHA_ALG_256, &(struct sha_part){text, strlen(text)}, 1, hex);
	snprintf(etag, CHANGE_ETAG_LEN + 1, "%.*s", CHANGE_ETAG_LEN, hex);
	free(text);
	json_decref(copy);
}
