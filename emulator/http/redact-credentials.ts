const REDACTED = "[redacted]";

/** Names of fields that hold credentials. Those of a pipe's source: OpenAPI document, `ClickPipePostRequest`, read 2026-11. */
const CREDENTIALS = /credential|password|secret|accessKey|serviceAccount|connectionString|privateKey/i;

/** User and password in a URI, such as MongoDB's. */
const USER_IN_URI = /(:\/\/)[^/?#\s"]+@/g;

/** Parses the JSON of a request without the credentials in it. A body that is not JSON stays a text. */
export function parseWithoutCredentials(text: string): unknown {
  try {
    return JSON.parse(text, (name, value: unknown) => {
      if (CREDENTIALS.test(name)) return REDACTED;
      return typeof value === "string" ? redactUri(value) : value;
    });
  } catch {
    return CREDENTIALS.test(text) ? REDACTED : redactUri(text);
  }
}

function redactUri(text: string): string {
  return text.replace(USER_IN_URI, `$1${REDACTED}@`);
}
