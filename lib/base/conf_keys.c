/* SPDX-License-Identifier: ISC */
/* The keys of the configuration: one table. */
#include "config.h"
#include "base/conf.h"

#include "base/log.h"
#include "base/name.h"

/* Of one unit of a key's number: what a plain number means. */
#define MS	1
#define SECONDS 1000
#define HOURS	3600000
#define BYTES	1
#define MIB	1048576

/* In the order of their enum, held by the compiler. */
#define CHOICES(name, count, ...)                                                                            \
	static const char *const name[] = {__VA_ARGS__, NULL};                                               \
	_Static_assert(ARRAY_SIZE(name) == (count) + 1, "a word for each value")
CHOICES(choices_no_yes, 2, "no", "yes");
CHOICES(choices_pooler, 2, "none", "transaction");
CHOICES(choices_error_status, CONF_ERROR__MAX, [CONF_ERROR_HTTP] = "http", [CONF_ERROR_BBB] = "bbb");
CHOICES(choices_protocol, CONF_PROTOCOL__MAX, [CONF_PROTOCOL_HTTPS] = "https", [CONF_PROTOCOL_HTTP] = "http");
CHOICES(choices_log, LOG_TARGET__MAX, [LOG_TARGET_STDERR] = "stderr", [LOG_TARGET_SYSLOG] = "syslog");
CHOICES(choices_level, LOG_LEVEL__MAX, [LOG_LEVEL_ERROR] = "error", [LOG_LEVEL_WARNING] = "warning",
	[LOG_LEVEL_INFO] = "info", [LOG_LEVEL_DEBUG] = "debug");
CHOICES(choices_storage, CONF_STORAGE__MAX, [CONF_STORAGE_LOCAL] = "local", [CONF_STORAGE_S3] = "s3");
CHOICES(choices_sendfile, CONF_SENDFILE__MAX, [CONF_SENDFILE_NONE] = "none", [CONF_SENDFILE_X] = "x-sendfile",
	[CONF_SENDFILE_AUTO] = "auto");
CHOICES(choices_webhooks, CONF_WEBHOOKS__MAX, [CONF_WEBHOOKS_OFF] = "off", [CONF_WEBHOOKS_OWN] = "own",
	[CONF_WEBHOOKS_NODES] = "nodes");
CHOICES(choices_switch, CONF_SWITCH__MAX, [CONF_SWITCH_OFF] = "off", [CONF_SWITCH_ON] = "on");
CHOICES(choices_delivery,
	CONF_DELIVERY__MAX, [CONF_DELIVERY_PROXY] = "proxy", [CONF_DELIVERY_REDIRECT] = "redirect");

#define AT(field) offsetof(struct conf, field)

const struct conf_key conf_keys[] = {
	{"admin_host", CONF_DOMAIN, AT(admin_host), "", 0, 0, NULL, false,
		"Host on which the console and the management API answer; empty: api_base_domain.", 0},
	{"admin_remote_user", CONF_CHOICE, AT(admin_remote_user), "no", 0, 0, choices_no_yes, false,
		"yes: whom the web server has let in (REMOTE_USER) is signed in to the console, where there is an account of that name.",
		0},
	{"admin_session_idle", CONF_TIME, AT(admin_session_idle), "1h", 60, 86400, NULL, false,
		"After so long without a request who is signed in to the console is signed out.", SECONDS},
	{"admin_session_max", CONF_TIME, AT(admin_session_max), "12h", 60, 2592000, NULL, false,
		"After so long who is signed in to the console is signed out anyway.", SECONDS},
	{"admin_token", CONF_TEXT, AT(admin_token), "", 0, 0, NULL, true,
		"Token that opens the global statistics and metrics; empty: nobody by token.", 0},
	{"allowed_sha_algorithms", CONF_SHA_SET, AT(allowed_sha_algorithms), "sha1,sha256,sha384,sha512", 0,
		0, NULL, false, "Checksum algorithms accepted from clients.", 0},
	{"api_base_domain", CONF_DOMAIN, AT(api_base_domain), NULL, 0, 0, NULL, false,
		"The base domain: a tenant's host is {tenant}.{api_base_domain}.", 0},
	{"api_mate_url", CONF_URL, AT(api_mate_url), "https://mconf.github.io/api-mate/", 0, 0, NULL, false,
		"API Mate, which links that try a secret lead to; a copy of one's own sees no secret either: it stands behind the #.",
		NAME_URL},
	{"audit_days", CONF_INT, AT(audit_days), "730", 1, 36500, NULL, false,
		"Days for which it is kept who changed what.", 0},
	{"backend_allow", CONF_CIDRS, AT(backend_allow), "", 0, 0, NULL, false,
		"Networks of the nodes, which may call /b3lb/b/; empty: nobody.", 0},
	{"body_max", CONF_SIZE, AT(body_max), "64MiB", 1024, 1073741824, NULL, false,
		"The longest request body that the API takes, slides included.", BYTES},
	{"callback_deny", CONF_CIDRS, AT(callback_deny),
		"127.0.0.0/8, ::/96, 169.254.0.0/16, fe80::/10, 0.0.0.0/8, 100.64.0.0/10", 0, 0, NULL, false,
		"Networks that callbacks to clients never go to, nor to addresses of this machine; empty: anywhere.",
		0},
	{"create_attempts", CONF_INT, AT(create_attempts), "3", 1, 10, NULL, false,
		"Nodes that a create tries before it answers noNodesAvailable.", 0},
	{"database", CONF_TEXT, AT(database), "dbname=b3lb", 0, 0, NULL, true,
		"libpq connection string; several hosts are allowed.", 0},
	{"database_connections", CONF_INT, AT(database_connections), "8", 1, 1000, NULL, false,
		"Database connections of one process.", 0},
	{"database_pooler", CONF_CHOICE, AT(database_pooler), "none", 0, 0, choices_pooler, false,
		"transaction: behind pgbouncer in transaction mode, without named prepared statements; "
		"the role's isolation and date style must be read committed and ISO.",
		0},
	{"database_read", CONF_TEXT, AT(database_read), "", 0, 0, NULL, true,
		"libpq connection string of standbys that lists, statistics and metrics are read "
		"from; empty: the database.",
		0},
	{"database_read_lag", CONF_TIME, AT(database_read_lag), "10s", 1, 3600, NULL, false,
		"How far a standby may be behind; one that is further is not read from.", SECONDS},
	{"database_timeout", CONF_TIME, AT(database_timeout_ms), "2500ms", 100, 600000, NULL, false,
		"How long a request waits for the database.", MS},
	{"dialin_allow", CONF_CIDRS, AT(dialin_allow), "", 0, 0, NULL, false,
		"Addresses of the telephone gateways, which may ask where a call goes; empty: nobody.", 0},
	{"dialin_numbers", CONF_NAME, AT(dialin_numbers), "", 0, 0, NULL, false,
		"Telephone numbers of all tenants, separated by commas; the first is told where a tenant has none of its own.",
		NAME_DIAL_NUMBERS},
	{"dialin_password", CONF_TEXT, AT(dialin_password), "", 0, 0, NULL, true,
		"What the telephone gateways know themselves by, as user fsapi; empty: there is nothing to ask.",
		0},
	{"dialin_sound_bad", CONF_NAME, AT(dialin_sound_bad), "conference/conf-bad-pin.wav", 0, 0, NULL,
		false, "What the gateway plays after a PIN that leads nowhere: a file of its own.",
		NAME_PATH},
	{"dialin_sound_pin", CONF_NAME, AT(dialin_sound_pin), "conference/conf-enter_conf_pin.wav", 0, 0,
		NULL, false, "What it plays to ask for the PIN.", NAME_PATH},
	{"dialin_sound_welcome", CONF_NAME, AT(dialin_sound_welcome), "ivr/ivr-welcome.wav", 0, 0, NULL,
		false, "What it plays first.", NAME_PATH},
	{"dialin_tries", CONF_INT, AT(dialin_tries), "30", 1, 10000, NULL, false,
		"Wrong PINs a minute after which a caller is refused.", 0},
	{"error_status", CONF_CHOICE, AT(error_status), "http", 0, 0, choices_error_status, false,
		"http: API errors carry an HTTP status; bbb: they are 200, as a BigBlueButton server "
		"answers.",
		0},
	{"expected_attendees", CONF_INT, AT(expected_attendees), "15", 0, 10000, NULL, false,
		"Attendees that a new meeting is expected to get when nothing better is known.", 0},
	{"history_days", CONF_INT, AT(history_days), "400", 0, 36500, NULL, false,
		"Days for which b3lb-rollup keeps a figure for each hour, of a node, a tenant and a secret; 0: no curves.",
		0},
	{"hook_deny_events", CONF_TEXT, AT(hook_deny_events), "pad-content,transcript-updated", 0, 0, NULL,
		false,
		"Names of events of nodes that no webhook gets, separated by commas; those that come often cost much.",
		0},
	{"hook_limit", CONF_INT, AT(hook_limit), "50", 1, 10000, NULL, false,
		"Webhooks that a secret may have.", 0},
	{"hook_strip", CONF_TEXT, AT(hook_strip), "ip-address,user-agent,referer", 0, 0, NULL, false,
		"What webhooks do not say of users, separated by commas.", 0},
	{"log", CONF_CHOICE, AT(log_target), "stderr", 0, 0, choices_log, false,
		"stderr or syslog: where the log goes.", 0},
	{"log_level", CONF_CHOICE, AT(log_level), "info", 0, 0, choices_level, false,
		"error, warning, info or debug: the least level that is logged.", 0},
	{"node_answer_max", CONF_SIZE, AT(node_answer_max), "32MiB", 65536, 1073741824, NULL, false,
		"How much of a node's answer is read; a longer list of meetings is read in part, any other is a failure.",
		BYTES},
	{"node_bbb_endpoint", CONF_NAME, AT(node_bbb_endpoint), "bigbluebutton/api/", 0, 0, NULL, false,
		"Path of the API on a node.", NAME_PATH},
	{"node_ca_file", CONF_NAME, AT(node_ca_file), "", 0, 0, NULL, false,
		"PEM file of the authorities that sign the nodes' certificates; empty: the system's.",
		NAME_DIRECTORY},
	{"node_concurrency", CONF_INT, AT(node_concurrency), "8", 1, 1000, NULL, false,
		"Calls that one process has under way to one node.", 0},
	{"node_connect_timeout", CONF_TIME, AT(node_connect_timeout), "3s", 1, 60, NULL, false,
		"How long connecting to a node may take.", SECONDS},
	{"node_default_domain", CONF_DOMAIN, AT(node_default_domain), "", 0, 0, NULL, false,
		"Domain of the nodes that have no --domain or --url: {slug}.{node_default_domain}.", 0},
	{"node_join_base", CONF_URL, AT(node_join_base), "", 0, 0, NULL, false,
		"Base of the URLs that browsers join by, of nodes without --join-url, such as "
		"https://{slug}.meet.example/bigbluebutton/api; empty: the API's.",
		NAME_NODE_BASE},
	{"node_load_endpoint", CONF_NAME, AT(node_load_endpoint), "b3lb/load", 0, 0, NULL, false,
		"Path of the load value on a node.", NAME_PATH},
	{"node_lost_hours", CONF_TIME, AT(node_lost_hours), "24h", 1, 8760, NULL, false,
		"After so long the meetings of a node that is offline are over.", HOURS},
	{"node_protocol", CONF_CHOICE, AT(node_protocol), "https", 0, 0, choices_protocol, false,
		"https or http: protocol of the URLs made from a node's slug or domain.", 0},
	{"node_request_timeout", CONF_TIME, AT(node_request_timeout), "10s", 1, 600, NULL, false,
		"How long a whole call to a node may take.", SECONDS},
	{"pin_length", CONF_INT, AT(pin_length), "9", 5, 10, NULL, false,
		"Digits of a room's PIN; those that rooms have stay as they are.", 0},
	{"player_frames", CONF_NAME, AT(player_frames), "*", 0, 0, NULL, false,
		"Sites that may show the player in a frame, as in https://lms.example.org *.example.org; *: all, "
		"'self': this one, 'none': none.",
		NAME_FRAMES},
	{"poll_failures_offline", CONF_INT, AT(poll_failures_offline), "2", 1, 100, NULL, false,
		"Failed polls in a row that take a node offline.", 0},
	{"poll_successes_online", CONF_INT, AT(poll_successes_online), "1", 1, 100, NULL, false,
		"Good polls in a row that bring it back.", 0},
	{"poll_window", CONF_INT, AT(poll_window), "64", 1, 1000, NULL, false,
		"Nodes that are polled at once.", 0},
	{"public_url", CONF_URL, AT(public_url), "", 0, 0, NULL, false,
		"URL under which nodes and browsers reach this service; empty: https:// and "
		"api_base_domain.",
		NAME_URL},
	{"record_free_min", CONF_SIZE, AT(record_free_min), "1GiB", 0, 1048576, NULL, false,
		"What stays free on the disks of record_path and render_path: an upload that would not leave it "
		"is refused, a recording waits.",
		MIB},
	{"record_lost_days", CONF_INT, AT(record_lost_days), "30", 1, 36500, NULL, false,
		"Days for which b3lb-cleanup keeps a stored file that no recording refers to, put aside, before it "
		"deletes it.",
		0},
	{"record_meta_data_tag", CONF_NAME, AT(record_meta_data_tag), "b3lb-recordset", 0, 0, NULL, false,
		"Meta key that carries a record set's nonce to the node.", NAME_META},
	{"record_orphan_hours", CONF_TIME, AT(record_orphan_hours), "24h", 0, 8760, NULL, false,
		"After so long b3lb-cleanup puts a stored file aside that no recording refers to; more than an upload takes.",
		HOURS},
	{"record_path", CONF_NAME, AT(record_path), STATEDIR "/recordings", 0, 0, NULL, false,
		"Directory of the recordings when record_storage is local; of no other database's. It is made when it is missing and nothing was ever stored; later a missing one is a disk that is not mounted, and uploads wait.",
		NAME_DIRECTORY},
	{"record_storage", CONF_CHOICE, AT(record_storage), "local", 0, 0, choices_storage, false,
		"local: recordings are kept in record_path; s3: in the bucket s3_bucket at s3_endpoint.", 0},
	{"record_upload_max", CONF_SIZE, AT(record_upload_max), "20GiB", 1, 49152, NULL, false,
		"The largest recording that a node may send.", MIB},
	{"render_memory", CONF_SIZE, AT(render_memory), "2GiB", 64, 1048576, NULL, false,
		"Memory that each of b3lb-compose, ffmpeg and ffprobe may use.", MIB},
	{"render_path", CONF_NAME, AT(render_path), STATEDIR "/render", 0, 0, NULL, false,
		"Directory for the files that b3lb-render works on, as large as the largest recordings; made when it is missing.",
		NAME_DIRECTORY},
	{"render_threads", CONF_INT, AT(render_threads), "1", 1, 64, NULL, false,
		"Threads that coding one video may use; several b3lb-render run beside each other anyway.",
		0},
	{"render_timeout", CONF_TIME, AT(render_timeout), "2h", 1, 604800, NULL, false,
		"How long making one video may take.", SECONDS},
	{"s3_access_key", CONF_TEXT, AT(s3_access_key), "", 0, 0, NULL, false,
		"Access key id of the object store.", 0},
	{"s3_bucket", CONF_NAME, AT(s3_bucket), "", 0, 0, NULL, false,
		"Bucket of the recordings; of no other database's.", NAME_BUCKET},
	{"s3_delivery", CONF_CHOICE, AT(s3_delivery), "proxy", 0, 0, choices_delivery, false,
		"proxy: recordings are sent through us; redirect: to a presigned URL of the store.", 0},
	{"s3_endpoint", CONF_URL, AT(s3_endpoint), "", 0, 0, NULL, false, "URL of the object store.",
		NAME_URL},
	{"s3_region", CONF_NAME, AT(s3_region), "us-east-1", 0, 0, NULL, false,
		"Region that requests are signed for.", NAME_REGION},
	{"s3_secret_key", CONF_TEXT, AT(s3_secret_key), "", 0, 0, NULL, true,
		"Secret key of the object store.", 0},
	{"sendfile", CONF_CHOICE, AT(sendfile), "auto", 0, 0, choices_sendfile, false,
		"auto: the web server sends local recordings itself where its own configuration says that it can; "
		"x-sendfile: always; none: never.",
		0},
	{"threads", CONF_INT, AT(threads), "32", 1, 1000, NULL, false,
		"Requests that one process answers at once.", 0},
	{"time_zone", CONF_NAME, AT(time_zone), "UTC", 0, 0, NULL, false,
		"Zone in which the months of the accounts begin, by its name in PostgreSQL: Europe/Berlin.",
		NAME_ZONE},
	{"trusted_proxies", CONF_CIDRS, AT(trusted_proxies), "", 0, 0, NULL, false,
		"Networks of proxies whose X-Forwarded-* headers are believed; empty: nobody's.", 0},
	{"usage_days", CONF_INT, AT(usage_days), "400", 0, 36500, NULL, false,
		"Days for which each session is kept for the accounts; 0: only the sums of months are.", 0},
	{"usage_names", CONF_CHOICE, AT(usage_names), "on", 0, 0, choices_switch, false,
		"Whether sessions that are over are kept with the names of their meetings.", 0},
	{"webhooks", CONF_CHOICE, AT(webhooks), "own", 0, 0, choices_webhooks, false,
		"off: none, and what waits is dropped; own: clients hear of meetings and recordings; nodes: also of what the nodes' webhooks send.",
		0},
	{NULL, CONF_TEXT, 0, NULL, 0, 0, NULL, false, NULL, 0},
};

const char *conf_node_protocol(const struct conf *conf)
{
	return choices_protocol[conf->node_protocol];
}

const char *conf_admin_host(const struct conf *conf)
{
	return *conf->admin_host ? conf->admin_host : conf->api_base_domain;
}
