import { readFileSync } from "node:fs";
import { z } from "zod";
import { MAX_CORES } from "../cloud/legal-cores";
import { PIPE_KINDS, PIPE_STATES, REPLICATION_MODES, type Seed, SERVICE_STATES } from "../cloud/seed";

const pipeSettingsSchema = z.strictObject({
  replicationMode: z.enum(REPLICATION_MODES).exactOptional(),
  initialLoadParallelism: z.int().positive().exactOptional(),
  snapshotNumRowsPerPartition: z.int().positive().exactOptional(),
  snapshotNumberOfParallelTables: z.int().positive().exactOptional(),
});

const pipeSchema = z.strictObject({
  id: z.guid(),
  name: z.string(),
  kind: z.enum(PIPE_KINDS),
  state: z.enum(PIPE_STATES).exactOptional(),
  snapshotMs: z.number().positive().exactOptional(),
  provisioningMs: z.number().nonnegative().exactOptional(),
  setupMs: z.number().nonnegative().exactOptional(),
  settings: pipeSettingsSchema.exactOptional(),
});

const serviceSchema = z.strictObject({
  id: z.guid(),
  name: z.string(),
  state: z.enum(SERVICE_STATES).exactOptional(),
  cores: z.int().min(1).max(MAX_CORES).exactOptional(),
  clickPipes: z.array(pipeSchema).exactOptional(),
});

const organizationSchema = z.strictObject({
  id: z.guid(),
  name: z.string(),
  keys: z.array(z.strictObject({ id: z.string(), secret: z.string() })),
  services: z.array(serviceSchema),
});

const seedSchema = z.strictObject({ organizations: z.array(organizationSchema) });

/** What a seed file looks like, for the help. */
export const SEED_EXAMPLE: Seed = {
  organizations: [
    {
      id: "00000000-0000-4000-8000-0000000000a0",
      name: "acme",
      keys: [{ id: "emulator-key", secret: "emulator-secret" }],
      services: [
        {
          id: "00000000-0000-4000-8000-000000000001",
          name: "warehouse",
          state: "running",
          cores: 2,
          clickPipes: [
            {
              id: "00000000-0000-4000-9000-000000000001",
              name: "orders",
              kind: "postgres",
              snapshotMs: 600_000,
              settings: { initialLoadParallelism: 8 },
            },
          ],
        },
      ],
    },
  ],
};

/** Reads a seed from a JSON file. Throws an error that names the file and every wrong path in it. */
export function readSeedFile(file: string): Seed {
  const parsed = seedSchema.safeParse(readJson(file));
  if (parsed.success) return parsed.data;
  throw new Error(`${file} is not a valid seed:\n${z.prettifyError(parsed.error)}`);
}

function readJson(file: string): unknown {
  const text = readFileSync(file, "utf8");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not valid JSON: ${(error as Error).message}`, { cause: error });
  }
}
