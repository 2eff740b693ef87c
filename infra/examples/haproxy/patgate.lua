-- Asks patgate about a request that HAProxy holds back, in the words of its Traefik adapter: any answer but 2xx
-- is handed to the client as it came. Needs HAProxy 2.5 or newer, for core.httpclient.

local IDENTITY = { "subject", "token", "kind", "group", "role", "entity", "operation" }

-- These concern one connection, or describe the request; the rest is passed on line by line.
local NOT_PASSED_ON = {
  ["connection"] = true, ["keep-alive"] = true, ["te"] = true, ["trailer"] = true, ["upgrade"] = true,
  ["transfer-encoding"] = true, ["content-length"] = true, ["expect"] = true, ["host"] = true,
  ["x-forwarded-method"] = true, ["x-forwarded-uri"] = true, ["x-forwarded-for"] = true
}

local PASSED_BACK = { "content-type", "www-authenticate", "retry-after", "allow", "cache-control",
  "ratelimit", "ratelimit-policy" }

-- Lists of HAProxy's Lua begin at 0.
local function list(from)
  local lines = {}
  for _, value in pairs(from) do lines[#lines + 1] = value end
  return lines
end

local function question(txn)
  local headers = {}
  for name, values in pairs(txn.http:req_get_headers()) do
    if not NOT_PASSED_ON[name:lower()] then headers[name] = list(values) end
  end
  headers["x-forwarded-method"] = { txn.sf:method() }
  headers["x-forwarded-uri"] = { txn.sf:pathq() }
  headers["x-forwarded-for"] = { txn:get_var("txn.patgate_address") }
  return headers
end

local function first(headers, name)
  local values = headers[name]
  if values == nil then return "" end
  return values[0] or values[1] or ""
end

local function deny(txn, answer)
  local reply = txn:reply()
  reply:set_status(answer.status)
  for _, name in ipairs(PASSED_BACK) do
    local value = first(answer.headers, name)
    if value ~= "" then reply:add_header(name, value) end
  end
  reply:set_body(answer.body)
  txn:done(reply)
end

local function unavailable(txn)
  deny(txn, {
    status = 503,
    headers = { ["content-type"] = { "application/problem+json" }, ["retry-after"] = { "1" } },
    body = '{"type":"about:blank","title":"Cannot be decided safely now","status":503,"code":"unavailable"}'
  })
end

local function ask(txn, address)
  local answer = core.httpclient():get {
    url = "http://" .. address .. "/forward-auth/traefik",
    headers = question(txn),
    timeout = 5000
  }
  if answer == nil or answer.status == nil or answer.status == 0 then return unavailable(txn) end
  -- HAProxy's client answers 503 by itself, without our media type, when nobody is there.
  if answer.status >= 200 and answer.status < 300 then
    for _, name in ipairs(IDENTITY) do
      txn:set_var("txn.patgate_" .. name, first(answer.headers, "x-patgate-" .. name))
    end
    txn:set_var("txn.patgate_assertion", first(answer.headers, "patgate-assertion"))
    return txn:set_var("txn.patgate_allowed", true)
  end
  if first(answer.headers, "content-type") ~= "application/problem+json" then return unavailable(txn) end
  deny(txn, answer)
end

core.register_action("patgate", { "http-req" }, ask, 1)
