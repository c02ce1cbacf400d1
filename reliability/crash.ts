import { DEFAULT_SERVICE_ID, type Emulator, type JournalEntry } from "../emulator";
import { toSize } from "../sizing";

/** An operation's requests, as a person would name them. */
export type RequestName =
  "organization" | "first read" | "change" | "poll" | "read that shows the size" | "confirming read";

export interface Crash {
  readonly operation: "create" | "update" | "delete";
  readonly request: RequestName;
  /** Before the API has seen it, or after the API has answered it. */
  readonly moment: "before" | "after";
  /** Whether a change arrives at once; else it is under way while the process dies, and maybe when the next command looks. */
  readonly isInstant: boolean;
}

const CHANGING = ["first read", "change", "poll", "read that shows the size", "confirming read"] as const;

/** In the order in which they are sent; there is a poll only where a change takes its time. */
const REQUESTS: Readonly<Record<Crash["operation"], readonly RequestName[]>> = {
  create: ["organization", ...CHANGING],
  update: CHANGING,
  delete: CHANGING,
};

export const BASELINE = 2;
export const CREATED = 8;
export const TARGET = { create: CREATED, update: 4, delete: BASELINE } as const;

export function crashMatrix(): Crash[] {
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

export function nameOf({ operation, request, moment, isInstant }: Crash): string {
  return `${operation}, killed ${moment} the ${request}${isInstant ? "" : ", changes taking some seconds"}`;
}

/** Whether the change was sent when the process dies, if not handled. */
export function isSent({ operation, request }: Crash): boolean {
  const requests = REQUESTS[operation];
  return requests.indexOf(request) >= requests.indexOf("change");
}

/** Calls `kill` at the crash's request. */
export function atRequest(emulator: Emulator, crash: Crash, kill: () => void): void {
  const nameOfNext = naming(emulator, TARGET[crash.operation]);
  let current: RequestName | undefined;
  const stop = emulator.watch((moment, entry) => {
    if (moment === "before") current = nameOfNext(entry);
    if (moment !== crash.moment || current !== crash.request) return;
    stop();
    kill();
  });
}

function naming({ cloud }: Emulator, cores: number): (entry: JournalEntry) => RequestName {
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
    return hasShown ? "read that shows the size" : "poll";
  };
}

/** From now on, what the first read of a size is shown. */
export function firstShown(emulator: Emulator): { readonly cores: number | undefined } {
  const shown: { cores: number | undefined } = { cores: undefined };
  const stop = emulator.watch((_moment, { method, path }) => {
    if (method !== "GET" || !path.endsWith("clickpipesCdcScaling")) return;
    stop();
    shown.cores = emulator.cloud.getCores(DEFAULT_SERVICE_ID);
  });
  return shown;
}

/** What is promised of the changes that were sent in all, by what the next command saw at first. */
export function promisesOfChanges(crash: Crash, { journal }: Emulator, shownCores: number | undefined) {
  const cores = TARGET[crash.operation];
  const changes = journal.filter("PATCH").map(({ body }) => JSON.stringify(body));
  const expected = Number(isSent(crash)) + Number(shownCores !== cores);
  return {
    [`each change asks for the size (${changes.join()})`]: changes.every(
      (body) => body === JSON.stringify(toSize(cores)),
    ),
    [`a change is sent once more exactly where the first one has not arrived (${changes.length})`]:
      changes.length === expected,
  };
}

/** A killed create leaves nothing in the state: where its change has arrived, the size from before is lost. */
export function baselineKept({ operation }: Crash, shownCores: number | undefined): number | undefined {
  return operation === "create" && shownCores === CREATED ? undefined : BASELINE;
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

/** The names of the promises that were not kept. */
export function unkept(promises: Readonly<Record<string, boolean>>): string[] {
  return Object.entries(promises).flatMap(([promise, isKept]) => (isKept ? [] : [promise]));
}
