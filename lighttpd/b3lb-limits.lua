-- SPDX-License-Identifier: ISC
-- Limits of b3lb's API by tenant, all its secrets together: requests in a minute that begins with the first of them.
-- Run by lighttpd before anything else; what it may go on with it does not see at all.

local SECONDS = 60
local LIMITS = { create = 10, join = 100, getMeetings = 30 }
local OTHERS = 50
-- Names that nobody has cost memory too: so many at most, then all begin anew.
local TENANTS = 10000

local REFUSAL = '<response><returncode>FAILED</returncode><messageKey>tooManyRequests</messageKey>' ..
	'<message>This tenant sends too many requests, please try again in a minute</message></response>'

-- Outlives the request: the table of globals is the process's.
local state = _G.b3lb_limits
if not state then
	state = { counts = {}, tenants = 0 }
	_G.b3lb_limits = state
end

local r = lighty.r
local path = r.req_attr["uri.path"] or ""
local tenant, call = path:match("^/b3lb/t/(%w+)[-%d]*/bbb/api/?(%w*)/?$")
if not tenant then
	call = path:match("^/bigbluebutton/api/?(%w*)/?$")
	tenant = (r.req_attr["uri.authority"] or ""):match("^(%w+)[-%d]*%.")
end
if not call or not tenant then
	return 0
end

local now = lighty.c.time()
if not LIMITS[call] then
	call = "other"
end
local key = tenant:lower() .. " " .. call
local count = state.counts[key]
if not count then
	if state.tenants >= TENANTS then
		state.counts, state.tenants = {}, 0
	end
	state.tenants = state.tenants + 1
end
if not count or now >= count.ends then
	count = { n = 0, ends = now + SECONDS }
	state.counts[key] = count
end
count.n = count.n + 1
if count.n <= (LIMITS[call] or OTHERS) then
	return 0
end
r.resp_header["Content-Type"] = "text/xml; charset=utf-8"
r.resp_header["Cache-Control"] = "no-cache"
r.resp_header["Retry-After"] = tostring(count.ends - now)
r.resp_body.set({ REFUSAL })
return 429
