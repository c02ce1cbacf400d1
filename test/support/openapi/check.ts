import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020, { type ValidateFunction } from "ajv/dist/2020";

type Schema = Readonly<Record<string, unknown>>;

interface Message {
  readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: Schema }[];
  readonly requestBody?: Message;
  readonly responses: Readonly<Record<string, Message>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Sent {
  readonly method: string;
  /** With its `/v1`, without a host. */
  readonly path: string;
  readonly body?: unknown;
}

const document = JSON.parse(readFileSync(join(__dirname, "clickpipes.json"), "utf8")) as Document;

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
ajv.addFormat("uuid", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i);
ajv.addFormat("hostname", /^[a-z0-9-]+(\.[a-z0-9-]+)*$/i);
ajv.addFormat("password", true);
for (const [name, schema] of Object.entries(document.components.schemas))
  ajv.addSchema(forbidUnknownFields(schema), name);

const compiled = new Map<Schema, ValidateFunction>();

/** Returns what in a request violates ClickHouse Cloud's OpenAPI document. */
export function findRequestErrors({ method, path, body }: Sent): string[] {
  const found = findOperation(method, path);
  if (found === undefined) return [`the document has no ${method} ${path}`];
  const { operation, ids } = found;
  const errors = (operation.parameters ?? [])
    .filter((parameter) => parameter.in === "path")
    .flatMap(({ name, schema }) => findSchemaErrors(schema, ids[name], `{${name}}`));
  const schema = getSchema(operation.requestBody);
  if (schema !== undefined) return [...errors, ...findSchemaErrors(schema, body, "body")];
  return body === undefined ? errors : [...errors, `${method} ${path} takes no body`];
}

/** Returns what in a response violates the document. Unknown fields count. */
export function findResponseErrors(
  sent: Sent,
  response: { readonly status: number; readonly body: unknown },
): string[] {
  const found = findOperation(sent.method, sent.path);
  if (found === undefined) return [`the document has no ${sent.method} ${sent.path}`];
  const schema = getSchema(found.operation.responses[response.status]);
  if (schema === undefined) return [`${sent.method} ${sent.path} has no response ${response.status}`];
  return findSchemaErrors(schema, response.body, "body");
}

function findOperation(
  method: string,
  path: string,
): { readonly operation: Operation; readonly ids: Readonly<Record<string, string>> } | undefined {
  const parts = path.split("/");
  for (const [template, methods] of Object.entries(document.paths)) {
    const operation = methods[method.toLowerCase()];
    const names = template.split("/");
    if (operation === undefined || names.length !== parts.length) continue;
    const pairs = names.map((name, index) => [name, parts[index] ?? ""] as const);
    const isId = (name: string) => name.startsWith("{");
    if (!pairs.every(([name, part]) => isId(name) || name === part)) continue;
    const ids = pairs
      .filter(([name]) => isId(name))
      .map(([name, part]) => [name.slice(1, -1), part] as const);
    return { operation, ids: Object.fromEntries(ids) };
  }
  return undefined;
}

function getSchema(message: Message | undefined): Schema | undefined {
  return (message?.content["application/json"] ?? message?.content["text/plain"])?.schema;
}

function findSchemaErrors(schema: Schema, value: unknown, what: string): string[] {
  const validate = compiled.get(schema) ?? ajv.compile(forbidUnknownFields(schema));
  compiled.set(schema, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const detail = "additionalProperty" in params ? ` (${String(params.additionalProperty)})` : "";
    return `${what}${instancePath} ${message}${detail}`;
  });
}

/** Makes the schema strict: a value with properties is an object without other properties. The document leaves that open. */
function forbidUnknownFields(schema: Schema): Schema {
  const { properties, items, oneOf, $ref } = schema;
  return {
    ...schema,
    ...(typeof $ref === "string" ? { $ref: $ref.replace("#/components/schemas/", "") } : {}),
    ...(properties === undefined
      ? {}
      : { type: "object", properties: forbidUnknownFieldsInEach(properties), additionalProperties: false }),
    ...(items === undefined ? {} : { items: forbidUnknownFields(items as Schema) }),
    ...(oneOf === undefined ? {} : { oneOf: (oneOf as readonly Schema[]).map(forbidUnknownFields) }),
  };
}

function forbidUnknownFieldsInEach(properties: unknown): Readonly<Record<string, Schema>> {
  const entries = Object.entries(properties as Readonly<Record<string, Schema>>);
  return Object.fromEntries(entries.map(([name, schema]) => [name, forbidUnknownFields(schema)]));
}
