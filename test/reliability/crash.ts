export interface Crash {
  readonly operation: "create" | "update" | "delete";
  /** Which of the operation's requests, from 1. */
  readonly request: number;
  /** Before the API has seen it, or after the API has answered it. */
  readonly moment: "before" | "after";
}

/** Read, change, read, confirming read. */
const REQUESTS = 4;
export const BASELINE = 2;
export const CREATED = 8;
export const TARGET = { create: CREATED, update: 4, delete: BASELINE } as const;

export function crashMatrix(): Crash[] {
  return (["create", "update", "delete"] as const).flatMap((operation) =>
    Array.from({ length: REQUESTS }, (_, index) => index + 1).flatMap((request) =>
      (["before", "after"] as const).map((moment) => ({ operation, request, moment })),
    ),
  );
}

export function nameOf({ operation, request, moment }: Crash): string {
  return `${operation}, killed ${moment} request ${request}`;
}

/** The broken promises of each, by its name; so many at once, since each waits for most of its time. */
export async function survivals(
  crashes: readonly Crash[],
  survived: (crash: Crash) => Promise<readonly string[]>,
  atOnce: number,
): Promise<ReadonlyMap<string, readonly string[]>> {
  // In the matrix' order, whichever ends first.
  const broken = new Map<string, readonly string[]>(
    crashes.map((crash) => [nameOf(crash), ["was not tried"]]),
  );
  const queue = [...crashes];
  const worker = async () => {
    for (let crash = queue.shift(); crash !== undefined; crash = queue.shift()) {
      broken.set(nameOf(crash), await survived(crash).catch((error: unknown) => [String(error)]));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return broken;
}

/** Whether the API has handled that request when the process dies. */
export function isHandled({ request, moment }: Crash, which: number): boolean {
  return request > which || (request === which && moment === "after");
}

/** The names of the promises that were not kept. */
export function unkept(promises: Readonly<Record<string, boolean>>): string[] {
  return Object.entries(promises).flatMap(([promise, isKept]) => (isKept ? [] : [promise]));
}
