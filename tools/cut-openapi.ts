// Cuts ClickHouse Cloud's OpenAPI document to the operations that this package uses, without its prose:
//   npx ts-node tools/cut-openapi.ts <document.json>
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";

type Json = null | boolean | number | string | Json[] | JsonObject;
interface JsonObject {
  [key: string]: Json;
}

const OUTPUT = join(__dirname, "..", "test", "support", "openapi", "clickpipes.json");

const ORGANIZATION = "/v1/organizations/{organizationId}";
const SERVICE = `${ORGANIZATION}/services/{serviceId}`;

const OPERATIONS: readonly (readonly [path: string, ...methods: string[]])[] = [
  ["/v1/organizations", "get"],
  [ORGANIZATION, "get"],
  [`${ORGANIZATION}/services`, "get"],
  [SERVICE, "get"],
  [`${SERVICE}/state`, "patch"],
  [`${SERVICE}/clickpipes`, "get", "post"],
  [`${SERVICE}/clickpipes/{clickPipeId}`, "get", "patch", "delete"],
  [`${SERVICE}/clickpipes/{clickPipeId}/state`, "patch"],
  [`${SERVICE}/clickpipesCdcScaling`, "get", "patch"],
  [`${SERVICE}/prometheus`, "get"],
];

const VALUES = ["$ref", "type", "format", "enum", "required", "pattern", "minimum", "maximum", "multipleOf"];
const LIMITS = ["minLength", "maxLength", "minItems", "maxItems", "uniqueItems"];
const KEPT = new Set([...VALUES, ...LIMITS]);
const PROSE = new Set(["description", "summary", "title", "example", "deprecated"]);
const REFERENCE = "#/components/schemas/";

/** Refuses a keyword that it doesn't know, since leaving one out could change what a schema means. */
function cutSchema(schema: Json): Json {
  return mapObject(schema, (keyword, value) => {
    if (PROSE.has(keyword)) return undefined;
    if (KEPT.has(keyword)) return value;
    if (keyword === "properties") return mapObject(value, (_name, property) => cutSchema(property));
    if (keyword === "items") return cutSchema(value);
    if (keyword === "oneOf" && Array.isArray(value)) return value.map(cutSchema);
    throw new Error(`a schema has the keyword ${keyword}, which this program doesn't know`);
  });
}

function cutOperation(operation: JsonObject): JsonObject {
  const { parameters, requestBody, responses } = operation;
  return {
    ...(Array.isArray(parameters) && parameters.length > 0
      ? { parameters: parameters.map(cutParameter) }
      : {}),
    ...(requestBody === undefined ? {} : { requestBody: cutMessage(requestBody) }),
    responses: mapObject(responses, (_status, response) => cutMessage(response)),
  };
}

function cutParameter(parameter: Json): Json {
  return mapObject(parameter, (key, value) => {
    if (key === "schema") return cutSchema(value);
    return PROSE.has(key) ? undefined : value;
  });
}

function cutMessage(message: Json): JsonObject {
  const { content, required } = requireObject(message);
  const cut = mapObject(content, (_type, media) => ({ schema: cutSchema(getPart(media, "schema")) }));
  return { ...(required === undefined ? {} : { required }), content: cut };
}

/** The schemas that a part of the document names, and those that they name. */
function collectSchemas(cut: Json, all: Json): JsonObject {
  const found = new Map<string, Json>();
  const collect = (value: Json): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      collect(inner);
      if (key !== "$ref" || typeof inner !== "string") continue;
      if (!inner.startsWith(REFERENCE)) throw new Error(`can't follow the reference ${inner}`);
      const name = inner.slice(REFERENCE.length);
      if (found.has(name)) continue;
      const schema = cutSchema(getPart(all, name));
      found.set(name, schema);
      collect(schema);
    }
  };
  collect(cut);
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function mapObject(value: Json | undefined, map: (key: string, value: Json) => Json | undefined): JsonObject {
  const entries = Object.entries(requireObject(value)).map(([key, inner]) => [key, map(key, inner)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

function getPart(value: Json | undefined, ...path: string[]): Json {
  return path.reduce<Json>((inner, key) => {
    const next = requireObject(inner)[key];
    if (next === undefined) throw new Error(`the document has no ${path.join(" > ")}`);
    return next;
  }, value ?? null);
}

function requireObject(value: Json | undefined): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new Error(`the document has ${JSON.stringify(value)} in place of an object`);
}

async function main(input: string | undefined): Promise<void> {
  if (input === undefined) throw new Error("usage: npx ts-node tools/cut-openapi.ts <document.json>");
  const document = JSON.parse(readFileSync(input, "utf8")) as Json;
  const paths = Object.fromEntries(
    OPERATIONS.map(([path, ...methods]) => {
      const cut = (method: string) => cutOperation(requireObject(getPart(document, "paths", path, method)));
      return [path, Object.fromEntries(methods.map((method) => [method, cut(method)]))];
    }),
  );
  const schemas = collectSchemas(paths, getPart(document, "components", "schemas"));
  const cut = { openapi: getPart(document, "openapi"), paths, components: { schemas } };
  writeFileSync(
    OUTPUT,
    await format(JSON.stringify(cut), { ...(await resolveConfig(OUTPUT)), parser: "json" }),
  );
}

void main(process.argv[2]);
