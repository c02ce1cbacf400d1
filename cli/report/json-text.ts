import { UnreadablePreviewError } from "./unreadable-preview-error";

/** One JSON object per line. Source: Pulumi 3.259 with PULUMI_ENABLE_STREAMING_JSON_PREVIEW. */
const EVENT_STREAM = /^\{.*\}\r?\n\s*\{/;

/**
 * Decodes text that a shell has redirected. Windows PowerShell writes UTF-16 with a byte order mark, other shells UTF-8.
 */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return new TextDecoder("utf-8").decode(bytes);
}

/** Parses the JSON object in a text. Wrappers such as `npm run` print lines before and after it. */
export function parseJson(text: string): unknown {
  const trimmed = text.trim(); // also removes a byte order mark
  if (trimmed === "") {
    throw new UnreadablePreviewError(
      "stdin is empty. If `pulumi preview --json` failed, it printed the reason to stderr.",
    );
  }
  if (EVENT_STREAM.test(trimmed)) {
    throw new UnreadablePreviewError(
      "stdin is a stream of events, which is not supported. Unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW.",
    );
  }
  const { json, foreignLine } = findObject(trimmed);
  try {
    return JSON.parse(json) as unknown;
  } catch (cause) {
    const found =
      foreignLine === undefined ? "" : ` The first line that is not JSON is ${JSON.stringify(foreignLine)}.`;
    throw new UnreadablePreviewError(
      `stdin is not valid JSON. Expected the complete output of \`pulumi preview --json\`.${found}`,
      { cause },
    );
  }
}

/** Finds the lines from the first that starts with a brace to the last that ends with one. */
function findObject(text: string): { readonly json: string; readonly foreignLine: string | undefined } {
  const lines = text.split(/\r?\n/);
  const first = lines.findIndex((line) => line.startsWith("{"));
  const last = lines.findLastIndex(
    (line) => line.startsWith("}") || (line.startsWith("{") && line.endsWith("}")),
  );
  if (first < 0 || last < first) return { json: text, foreignLine: lines[0]?.slice(0, MAX_SHOWN_LENGTH) };
  const foreign = [...lines.slice(0, first), ...lines.slice(last + 1)].find((line) => line.trim() !== "");
  return { json: lines.slice(first, last + 1).join("\n"), foreignLine: foreign?.slice(0, MAX_SHOWN_LENGTH) };
}

const MAX_SHOWN_LENGTH = 120;
