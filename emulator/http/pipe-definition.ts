import type { Pipe, PipeDefinition } from "../cloud/pipe";
import type { PipeKind, ReplicationMode } from "../cloud/seed";

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a request that the OpenAPI document's responses lack: credentials above all. */
export const UNREPEATED_FIELDS = new Set([
  "credentials",
  "accessKey",
  "serviceAccountKey",
  "validateSamples",
  "roles",
]);

/** What a PATCH of a source adds to its table mappings and removes from them, instead of sending them all. */
const MAPPING_CHANGES = new Set(["tableMappings", "tableMappingsToAdd", "tableMappingsToRemove"]);

/** The fields that tell one table mapping from another. MongoDB has databases and collections. */
const MAPPING_KEYS = [
  "sourceSchemaName",
  "sourceTable",
  "sourceDatabaseName",
  "sourceCollection",
  "targetTable",
];

/** The fields that the OpenAPI document requires of each kind of source. */
const REQUIRED_SOURCE_FIELDS: Readonly<Record<PipeKind, Fields>> = {
  postgres: {},
  mysql: { host: "source.example", port: 3306, tableMappings: [] },
  mongodb: { uri: "mongodb://source.example", readPreference: "secondary" },
  bigquery: {},
  kafka: {},
};

/** Reads from the body of a POST what responses repeat. It is repeated as sent, since clients compare it with what they wanted. */
export function parseDefinition(kind: PipeKind, body: Fields): PipeDefinition {
  const { source, ...others } = pickRepeated(body);
  return { source: toFields(toFields(source)[kind]), ...pickParts(others) };
}

/** Applies the body of a PATCH to what responses repeat. Fields that are missing or null stay as they are. */
export function changeDefinition(pipe: Pipe, body: Fields): PipeDefinition {
  const { source: old, destination, settings, ...others } = pipe.definition;
  const { source: sent, ...parts } = pickRepeated(body);
  const changed = pickParts(parts);
  return {
    ...others,
    ...changed,
    source: changeSource(old, toFields(toFields(sent)[pipe.kind])),
    ...mergePart("destination", destination, changed.destination),
    ...mergePart("settings", settings, changed.settings),
  };
}

/** Returns the parts of a response that describe what the pipe reads and writes. */
export function serializeDefinition({ kind, replicationMode, definition }: Pipe) {
  const { source, ...others } = definition;
  const settings = kind === "kafka" ? {} : { settings: fillSettings(replicationMode, source.settings) };
  return { ...others, source: { [kind]: { ...REQUIRED_SOURCE_FIELDS[kind], ...source, ...settings } } };
}

function fillSettings(replicationMode: ReplicationMode, settings: unknown): Fields {
  return { replicationMode, ...toFields(settings) };
}

function changeSource(old: Fields, sent: Fields): Fields {
  const simple = Object.entries(sent).filter(([name]) => !MAPPING_CHANGES.has(name) && name !== "settings");
  const settings = { ...toFields(old.settings), ...toFields(sent.settings) };
  const removed = toList(sent.tableMappingsToRemove).map(identifyMapping);
  const kept = toList(old.tableMappings).filter((mapping) => !removed.includes(identifyMapping(mapping)));
  const tableMappings = [...kept, ...toList(sent.tableMappingsToAdd)];
  return {
    ...old,
    ...Object.fromEntries(simple),
    ...(Object.keys(settings).length > 0 ? { settings } : {}),
    ...("tableMappings" in old || tableMappings.length > 0 ? { tableMappings } : {}),
  };
}

function identifyMapping(mapping: unknown): string {
  const fields = toFields(mapping);
  return JSON.stringify(MAPPING_KEYS.map((name) => fields[name] ?? null));
}

function pickParts({
  destination,
  fieldMappings,
  scaling,
  settings,
}: Fields): Omit<PipeDefinition, "source"> {
  return Object.fromEntries(
    Object.entries({ destination, fieldMappings, scaling, settings }).filter(
      ([, part]) => part !== undefined,
    ),
  );
}

function mergePart(name: "destination" | "settings", old: unknown, sent: unknown): Partial<PipeDefinition> {
  if (old === undefined && sent === undefined) return {};
  return { [name]: { ...toFields(old), ...toFields(sent) } };
}

/** Leaves out what no response has, at any depth, and fields that are null: they count as not sent. */
function pickRepeated(fields: Fields): Fields {
  const entries = Object.entries(fields).filter(
    ([name, value]) => value !== null && !UNREPEATED_FIELDS.has(name),
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, pickInside(value)]));
}

function pickInside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pickInside);
  return isFields(value) ? pickRepeated(value) : value;
}

function toFields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
