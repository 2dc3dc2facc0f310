/* SPDX-License-Identifier: ISC */
/* The answer to a request: status, headers that cannot be broken out of, body. */
#include "config.h"
#include "http/response.h"

#include <string.h>
#include <strings.h>

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{200, "OK"},
	{201, "Created"},
	{202, "Accepted"},
	{204, "No Content"},
	{206, "Partial Content"},
	{302, "Found"},
	{304, "Not Modified"},
	{400, "Bad Request"},
	{401, "Unauthorized"},
	{403, "Forbidden"},
	{404, "Not Found"},
	{405, "Method Not Allowed"},
	{409, "Conflict"},
	{410, "Gone"},
	{412, "Precondition Failed"},
	{413, "Content Too Large"},
	{415, "Unsupported Media Type"},
	{416, "Range Not Satisfiable"},
	{422, "Unprocessable Content"},
	{428, "Precondition Required"},
	{429, "Too Many Requests"},
	{500, "Internal Server Error"},
	{503, "Service Unavailable"},
	{507, "Insufficient Storage"},
};

const char *response_reason(int status)
{
	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Unknown";
}

static bool value_is_safe(const char *value)
{
	for (; *value; value++)
		if ((unsigned char)*value < 0x20 || *value == 0x7F)
			return *value == '\t' ? value_is_safe(value + 1) : false;
	return true;
}

static void head_text(struct buf *head, const char *name, const char *value)
{
	buf_puts(head, name);
	buf_puts(head, ": ");
	buf_puts(head, value);
	buf_puts(head, "\r\n");
}

static void head_write(struct request *rq, struct buf *head, const struct response_header *headers)
{
	bool cache = false;

	for (; headers && headers->name; headers++) {
		if (!headers->value || !value_is_safe(headers->value))
			continue;
		cache = cache || strcasecmp(headers->name, "Cache-Control") == 0;
		head_text(head, headers->name, headers->value);
	}
	if (!cache)
		buf_puts(head, "Cache-Control: no-cache\r\n");
	head_text(head, "Request-Id", rq->id);
	buf_puts(head, "\r\n");
}

bool response_begin(struct request *rq, int status, const char *type, const struct response_header *headers,
	long long length)
{
	struct buf head = BUF_INIT;
	bool ok;

	if (rq->head_sent)
		return false;
	rq->head_sent = true;
	rq->status = status;
	buf_puts(&head, "Status: ");
	buf_int(&head, status);
	buf_putc(&head, ' ');
	buf_puts(&head, response_reason(status));
	buf_puts(&head, "\r\n");
	if (type)
		head_text(&head, "Content-Type", type);
	if (status != 304 && status != 204 && length >= 0) {
		buf_puts(&head, "Content-Length: ");
		buf_int(&head, length);
		buf_puts(&head, "\r\n");
	}
	head_write(rq, &head, headers);
	ok = rq->io->ops->write(rq->io, head.ptr, head.len);
	buf_free(&head);
	return ok;
}

static bool response_write(struct request *rq, const void *data, size_t len)
{
	if (rq->method == METHOD_HEAD)
		return true;
	if (!rq->io->ops->write(rq->io, data, len))
		return false;
	rq->sent += (long long)len;
	return true;
}

void response_stream(struct request *rq, const struct io_source *source, long long length)
{
	rq->sent += length;
	rq->io->ops->send(rq->io, source);
}

void response_send(struct request *rq, int status, const char *type, const struct response_header *headers,
	const void *body, size_t len)
{
	/* Where the peer is gone nobody is left to be told. */
	bool sent = response_begin(rq, status, type, headers, (long long)len);

	if (sent && len)
		sent = response_write(rq, body, len);
	(void)sent;
}

void response_send_text(struct request *rq, int status, const char *text)
{
	struct buf body = BUF_INIT;

	buf_printf(&body, "%s\n", text);
	response_send(rq, status, "text/plain; charset=utf-8", NULL, body.ptr, body.len);
	buf_free(&body);
}
