import { readFileSync } from "node:fs";
import { z } from "zod";
import { PIPE_KINDS, PIPE_STATES, REPLICATION_MODES, type Seed, SERVICE_STATES } from "../cloud/seed";

const seedSchema = z.strictObject({
  organizations: z.array(
    z.strictObject({
      id: z.guid(),
      name: z.string(),
      keys: z.array(z.strictObject({ id: z.string(), secret: z.string() })),
      services: z.array(
        z.strictObject({
          id: z.guid(),
          name: z.string(),
          state: z.enum(SERVICE_STATES).exactOptional(),
          cores: z.int().positive().exactOptional(),
          clickPipes: z
            .array(
              z.strictObject({
                id: z.guid(),
                name: z.string(),
                kind: z.enum(PIPE_KINDS),
                state: z.enum(PIPE_STATES).exactOptional(),
                snapshotMs: z.number().positive().exactOptional(),
                settings: z
                  .strictObject({
                    replicationMode: z.enum(REPLICATION_MODES).exactOptional(),
                    initialLoadParallelism: z.int().positive().exactOptional(),
                    snapshotNumRowsPerPartition: z.int().positive().exactOptional(),
                    snapshotNumberOfParallelTables: z.int().positive().exactOptional(),
                  })
                  .exactOptional(),
              }),
            )
            .exactOptional(),
        }),
      ),
    }),
  ),
});

/** A seed from a file of JSON; errors name the file and each path in it that is wrong. */
export function readSeedFile(file: string): Seed {
  const parsed = seedSchema.safeParse(jsonOf(file));
  if (parsed.success) return parsed.data;
  throw new Error(`${file} is no seed:\n${z.prettifyError(parsed.error)}`);
}

function jsonOf(file: string): unknown {
  const text = readFileSync(file, "utf8");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is no JSON: ${(error as Error).message}`, { cause: error });
  }
}
