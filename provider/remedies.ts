import {
  ClickPipesError,
  type ErrorCode,
  type ErrorDetails,
  InitializationError,
  InterruptedChangeError,
  type OperationKind,
} from "./errors";
import { toPlainText } from "./text/plain-text";

export type Remedies = Readonly<Record<ErrorCode, Remedy>>;

/** What to do next, in whole sentences. */
type Remedy = string | ((details: ErrorDetails) => string);

/** What to do about each error of a resource. A front that differs overrides entries. */
export const REMEDIES: Remedies = {
  "missing-key":
    "Set both parts of the key in the environment, or with `pulumi config set --secret clickhouse:tokenKey` and " +
    "`pulumi config set --secret clickhouse:tokenSecret`.",
  "invalid-key-id": "Set it to the key's id alone, and the secret in its own setting.",
  "invalid-organization":
    "Set it to the organization's id, a UUID such as 00000000-0000-4000-8000-000000000001, or remove it.",
  "organization-not-unique":
    "Name one: with the argument `organizationId`, stack config clickhouse:organizationId, or environment CLICKHOUSE_ORG_ID.",
  "invalid-api-url":
    "Use https (http only for this machine), without user, query or fragment, such as https://api.clickhouse.cloud/v1.",
  "key-from-elsewhere":
    "Set both in the stack config, or both in the environment (CLICKHOUSE_API_URL): a key is only sent to an address from the same place.",
  "invalid-price": "Set it to US dollars per compute unit and hour, such as 0.2, or remove it.",
  "price-too-low":
    "Set it to US dollars per compute unit and hour, such as 0.2, or remove it. If you really pay that little, run " +
    "`pulumi config set clickpipes:allowLowPrice true`.",
  "invalid-proxy":
    "Set it to the proxy's address, such as http://proxy.example:3128, or add the API's host to NO_PROXY.",
  "invalid-id": "Check the ids of the service and the organization: each is a UUID.",
  "damaged-state":
    "Run `pulumi refresh`, which reads the size again. If that fails too, restore the property with `pulumi state edit`, or run " +
    "`pulumi state delete`: the next `pulumi up` then adopts the current size, without the size from before.",
  "invalid-arguments":
    "Each id is a UUID, such as 00000000-0000-4000-8000-000000000001. For Outputs, call the form of the function whose name ends " +
    "in Output.",
  "bad-request": "The API rejected the request. Check the ids and the size.",
  unauthorized: ({ key }) =>
    key?.isFromConfig === true
      ? `The key from ${key.source} was not accepted. Refresh and destroy use the config of the last \`pulumi up\`: after a ` +
        "key rotation, run `pulumi up` first, or pass `--run-program`. A key in the environment takes effect after the next " +
        "`pulumi up`."
      : `The key from ${formatKeySource(key)} was not accepted. Check that it is complete, enabled and not expired.`,
  forbidden: ({ key }) =>
    `The key from ${formatKeySource(key)} needs the Admin role in the organization that owns the service.`,
  "not-found": ({ apiUrl }) =>
    apiUrl !== undefined && !hasVersion(apiUrl)
      ? `The API address ${apiUrl.href} has no version. Set it to ${apiUrl.origin}/v1, as ClickHouse's API has it.`
      : "Check the ids of the service and the organization, that the service still exists, and that the key belongs to that " +
        "organization.",
  conflict: "Another change is in progress. Run the command again later.",
  redirected:
    "Redirects are not followed, because they would send the key to another address. Check the API address.",
  "server-error": "ClickHouse Cloud has a problem. Run the command again later.",
  "unexpected-status":
    "Run the command again. If the error persists, contact ClickHouse support with the request ID.",
  "service-not-awake":
    "Start or wake the service. With `wakeService: true`, `pulumi up` and `pulumi destroy` wake an idle service, which costs compute.",
  "service-stopped": "Start the service first. `wakeService` wakes an idle service, not a stopped one.",
  "no-response": ({ apiUrl }) =>
    `Check the network, HTTPS_PROXY and the address ${apiUrl?.origin ?? "of the API"}, then run the command again.`,
  "invalid-response":
    "Run the command again. If the error persists, check the API address and whether a newer release of this package exists.",
  "certificate-not-trusted":
    "The server's certificate is not trusted. Add your certificate authority with NODE_EXTRA_CA_CERTS, or check the address.",
  "proxy-authentication":
    "The proxy requires a user and a password. Add them to HTTPS_PROXY: http://user:password@proxy.example:3128.",
  "proxy-refused": ({ apiUrl }) => {
    const host = apiUrl?.host ?? "the API's host";
    return `Allow CONNECT to ${host} in the proxy of HTTPS_PROXY or ALL_PROXY, or add ${host} to NO_PROXY.`;
  },
  "change-withheld": "If the Pulumi process was stopped, resume it, or run the command again.",
  "endpoint-not-found":
    "Create a Postgres, MySQL, MongoDB or BigQuery ClickPipe first; `dependsOn` orders the two. If the last one was deleted, " +
    "`pulumi up --refresh` removes this resource from the state.",
  timeout: ({ kind, pendingSize, isKeyShared }) => {
    const next =
      pendingSize === undefined
        ? `Nothing was changed. Run \`${getCommand(kind)}\` again later.`
        : `${describePendingChange({ kind, pendingSize })} Set a longer \`customTimeouts\` to wait longer.`;
    return isKeyShared === true
      ? `${next} Something else uses up the rate limit of the API key: give this stack a key of its own.`
      : next;
  },
  "interrupted-change": describePendingChange,
  "conflicting-change": ({ kind }) =>
    `Find out what else changes this service. The next \`${getCommand(kind)}\` sets the size again.`,
  "pipes-unreadable": "Nothing was changed. Run `pulumi up` again, which reads the pipes again.",
  "engine-gone":
    "Nothing more is sent. Run `pulumi cancel` if Pulumi reports a pending operation, then run the command again.",
  canceled: ({ kind }) => `Run \`${getCommand(kind)}\` again to resume.`,
};

/** The error as a person reads it: what was attempted, what was observed, what to do next. It has no control characters. */
export function describeError(error: Error, remedies: Remedies = REMEDIES): string {
  if (error instanceof InitializationError) return describeError(error.cause, remedies);
  if (!(error instanceof ClickPipesError)) return toPlainText(error.message);
  const text = error instanceof InterruptedChangeError ? describeError(error.cause, remedies) : error.summary;
  return toPlainText(`${text} ${getRemedy(error, remedies)}`);
}

export function getRemedy({ code, facts }: ClickPipesError, remedies: Remedies = REMEDIES): string {
  const remedy = remedies[code];
  return typeof remedy === "string" ? remedy : remedy(facts);
}

/** Whether an address ends with the version of an API, such as /v1. */
function hasVersion({ pathname }: URL): boolean {
  return /\/v\d+\/?$/.test(pathname);
}

/** A delete that fails can't store the change in the state: the next one sends it again. */
function describePendingChange({ kind, pendingSize = "the new size" }: ErrorDetails): string {
  const next = kind === "delete" ? "send it again" : "resume waiting";
  return `The change to ${pendingSize} may still arrive; run \`${getCommand(kind)}\` to ${next}.`;
}

function getCommand(kind: OperationKind = "update"): string {
  return COMMANDS[kind];
}

const COMMANDS: Record<OperationKind, string> = {
  create: "pulumi up",
  read: "pulumi refresh",
  update: "pulumi up",
  delete: "pulumi destroy",
};

function formatKeySource(key: ErrorDetails["key"]): string {
  return key?.source ?? "the settings";
}
