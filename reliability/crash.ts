import { DEFAULT_SERVICE_ID, type Emulator, type JournalEntry } from "../emulator";
import { toSize } from "../sizing";

/** A request of an operation. */
export type RequestName =
  "organization" | "first read" | "change" | "poll" | "read of the new size" | "confirming read";

export interface Crash {
  readonly operation: "create" | "update" | "delete";
  readonly request: RequestName;
  /** Before the API handles the request, or after it has responded. */
  readonly moment: "before" | "after";
  /** Whether a change arrives at once. Otherwise it is in progress when the process is killed. */
  readonly isInstant: boolean;
}

const CHANGING = ["first read", "change", "poll", "read of the new size", "confirming read"] as const;

/** In the order in which they are sent. There is a poll only if the change does not arrive at once. */
const REQUESTS: Readonly<Record<Crash["operation"], readonly RequestName[]>> = {
  create: ["organization", ...CHANGING],
  update: CHANGING,
  delete: CHANGING,
};

export const BASELINE = 2;
export const CREATED = 8;
export const TARGET = { create: CREATED, update: 4, delete: BASELINE } as const;

export function listCrashes(): Crash[] {
  return [true, false].flatMap((isInstant) =>
    (["create", "update", "delete"] as const).flatMap((operation) =>
      REQUESTS[operation]
        .filter((request) => request !== "poll" || !isInstant)
        .flatMap((request) =>
          (["before", "after"] as const).map((moment) => ({ operation, request, moment, isInstant })),
        ),
    ),
  );
}

export function describeCrash({ operation, request, moment, isInstant }: Crash): string {
  return `${operation}, killed ${moment} the ${request}${isInstant ? "" : ", slow change"}`;
}

/** Whether the process has sent the change when it is killed. */
export function hasSentChange({ operation, request }: Crash): boolean {
  const requests = REQUESTS[operation];
  return requests.indexOf(request) >= requests.indexOf("change");
}

/** Calls `kill` at the request of the crash. */
export function watchForCrash(emulator: Emulator, crash: Crash, kill: () => void): void {
  const nameRequest = createRequestNamer(emulator, TARGET[crash.operation]);
  let current: RequestName | undefined;
  const stop = emulator.watch((moment, entry) => {
    if (moment === "before") current = nameRequest(entry);
    if (moment !== crash.moment || current !== crash.request) return;
    stop();
    kill();
  });
}

function createRequestNamer({ cloud }: Emulator, cores: number): (entry: JournalEntry) => RequestName {
  let hasSent = false;
  let hasShown = false;
  return ({ method, path }) => {
    if (path.endsWith("/organizations")) return "organization";
    if (method === "PATCH") {
      hasSent = true;
      return "change";
    }
    if (!hasSent) return "first read";
    if (hasShown) return "confirming read";
    hasShown = cloud.getCores(DEFAULT_SERVICE_ID) === cores;
    return hasShown ? "read of the new size" : "poll";
  };
}

/** Records the size that the next read shows. */
export function watchFirstRead(emulator: Emulator): { readonly cores: number | undefined } {
  const read: { cores: number | undefined } = { cores: undefined };
  const stop = emulator.watch((_moment, { method, path }) => {
    if (method !== "GET" || !path.endsWith("clickpipesCdcScaling")) return;
    stop();
    read.cores = emulator.cloud.getCores(DEFAULT_SERVICE_ID);
  });
  return read;
}

/** What is expected of all changes, given the size that the next command reads first. */
export function expectChanges(crash: Crash, { journal }: Emulator, readCores: number | undefined) {
  const cores = TARGET[crash.operation];
  const changes = journal.filter("PATCH").map(({ body }) => JSON.stringify(body));
  const expected = Number(hasSentChange(crash)) + Number(readCores !== cores);
  return {
    [`each change asks for the size (${changes.join()})`]: changes.every(
      (body) => body === JSON.stringify(toSize(cores)),
    ),
    [`the change is sent again only if the first one has not arrived (${changes.length})`]:
      changes.length === expected,
  };
}

/** A killed create leaves no state. If its change has arrived, the original size is lost. */
export function findExpectedBaseline(
  { operation }: Crash,
  readCores: number | undefined,
): number | undefined {
  return operation === "create" && readCores === CREATED ? undefined : BASELINE;
}

/** Runs crashes in parallel, since each waits most of its time. Returns the violations by the description of the crash. */
export async function runCrashes(
  crashes: readonly Crash[],
  runCrash: (crash: Crash) => Promise<readonly string[]>,
  concurrency: number,
): Promise<ReadonlyMap<string, readonly string[]>> {
  // In the order of the matrix, whichever crash ends first.
  const violations = new Map<string, readonly string[]>(
    crashes.map((crash) => [describeCrash(crash), ["was not run"]]),
  );
  const queue = [...crashes];
  const runQueue = async () => {
    for (let crash = queue.shift(); crash !== undefined; crash = queue.shift()) {
      violations.set(describeCrash(crash), await runCrash(crash).catch((error: unknown) => [String(error)]));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, runQueue));
  return violations;
}
