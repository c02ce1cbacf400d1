import { nearestLegalCores, OPENAPI_MAX_CORES } from "../../sizing";
import { amountAt, amountIn, type Known, numberOf } from "./amount";
import { type Burst, burstIn } from "./burst";
import type { Message, Preview, Properties, Step } from "./preview";
import { isAbout, isScaling, nameOf } from "./urn";

export type Action = "create" | "update" | "replace" | "delete" | "unchanged" | "fails";

/** What a destroy makes of the size: put back, left as it is, kept on purpose, or gone with the service. */
export type Ending = "putBack" | "stays" | "retained" | "gone";

/** What becomes of one service. */
export interface Change {
  readonly action: Action;
  readonly urn: string;
  readonly name: string;
  /** None where the preview does not know it yet. */
  readonly serviceId: string | undefined;
  /** None where the stack did not have it before. */
  readonly before: Known | undefined;
  /** None where nothing of it is left. */
  readonly after: Known | undefined;
  readonly burst?: Burst | undefined;
  /** Asked for by an earlier run and not seen yet. */
  readonly pendingCores?: number | undefined;
  readonly ending?: Ending | undefined;
  /** The resource that declared the service before. */
  readonly takenOverFrom?: string | undefined;
  readonly messages: readonly Message[];
}

/** What stands for a value that a preview does not know yet. Source: Pulumi SDK, `runtime/rpc`. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What becomes of each service, in an order that does not hang on that of the engine. */
export function changesOf({ steps, messages }: Preview): Change[] {
  const ours = steps.filter(({ urn }) => isScaling(urn));
  const deleted = new Set(steps.filter(({ op }) => op === "delete").map(({ urn }) => urn));
  const byUrn = new Map<string, Step[]>();
  for (const step of ours) byUrn.set(step.urn, [...(byUrn.get(step.urn) ?? []), step]);
  const about = (urn: string) => messages.filter((message) => isAbout(message.urn ?? "", urn));
  const planned = [...byUrn].flatMap(([urn, all]) => {
    // Of several steps, the one that says what is to be; a refresh alone says what is.
    const step = all.findLast(({ op, newState }) => op !== "refresh" && newState) ??
      all.findLast(({ op }) => op === "delete") ?? { ...all.at(-1), op: "same", urn };
    return changesIn(step, deleted, about(urn));
  });
  const refused = new Set(
    messages.map(({ urn }) => urn ?? "").filter((urn) => isScaling(urn) && !byUrn.has(urn)),
  );
  const failing = [...refused].map((urn) => failed(urn, about(urn)));
  return handedOver([...planned, ...failing]).sort(byName);
}

function changesIn(step: Step, deleted: ReadonlySet<string>, messages: readonly Message[]): Change[] {
  const old = step.oldState ?? undefined;
  const olds = old?.outputs ?? old?.inputs ?? {};
  const news = step.newState?.inputs ?? {};
  const before = old === undefined ? undefined : amountIn(olds);
  const it = { urn: step.urn, name: nameOf(step.urn), messages };
  const declares = {
    ...it,
    serviceId: serviceIdIn(news),
    after: amountIn(news),
    burst: burstIn(news),
    pendingCores: numberOf(olds.pendingCores),
  };
  const leaves = { ...it, action: "delete", serviceId: serviceIdIn(olds), before } as const;
  switch (step.op) {
    case "same":
    case "read":
      return [
        {
          ...declares,
          action: "unchanged",
          serviceId: serviceIdIn(olds),
          before,
          after: before,
          burst: declares.burst ?? burstIn(olds), // what was decided now, where the preview says it
        },
      ];
    case "delete":
      return [{ ...leaves, ...endingOf(step, olds, before, deleted) }];
    case "replace":
    case "create-replacement":
      if (serviceIdIn(olds) === declares.serviceId) return [{ ...declares, action: "replace", before }];
      return [
        { ...leaves, messages: [], ...endingOf(step, olds, before, deleted) },
        { ...declares, pendingCores: undefined, action: "replace", before: undefined },
      ];
    default:
      return [{ ...declares, action: old === undefined ? "create" : "update", before }];
  }
}

function endingOf(
  { oldState: old }: Step,
  olds: Properties,
  before: Known | undefined,
  deleted: ReadonlySet<string>,
): { ending: Ending; after: Known | undefined } {
  if (old?.retainOnDelete === true) return { ending: "retained", after: before };
  if (deleted.has(old?.deletedWith ?? "")) return { ending: "gone", after: undefined };
  const cores = olds.coresAfterDestroy ?? olds.baselineCores;
  if (cores === undefined) return { ending: "stays", after: before };
  const known = numberOf(cores);
  if (known === undefined) return { ending: "putBack", after: "unknown" };
  return { ending: "putBack", after: amountAt(nearestLegalCores(known, OPENAPI_MAX_CORES), before) };
}

function failed(urn: string, messages: readonly Message[]): Change {
  const unknown = { serviceId: undefined, before: undefined, after: "unknown" } as const;
  return { action: "fails", urn, name: nameOf(urn), ...unknown, messages };
}

/** A rename, or services that change hands: what this run still declares, no destroy scales down. */
function handedOver(changes: readonly Change[]): Change[] {
  const left = changes.filter(({ action }) => action === "delete");
  const others = changes.filter(({ action }) => action !== "delete");
  const takes = (other: Change, gone: Change) =>
    other.serviceId !== undefined && other.serviceId === gone.serviceId;
  return [
    ...left.filter((gone) => !others.some((other) => takes(other, gone))),
    ...others.map((other) => {
      const from = left.find((gone) => takes(other, gone));
      if (from === undefined || other.before !== undefined) return other;
      return { ...other, before: from.before, takenOverFrom: from.name };
    }),
  ];
}

function byName(a: Change, b: Change): number {
  return compared(a.name, b.name) || compared(a.urn, b.urn) || compared(a.action, b.action);
}

/** By code units: the same on every machine, whatever its language. */
function compared(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function serviceIdIn({ serviceId }: Properties): string | undefined {
  const isId = typeof serviceId === "string" && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(serviceId);
  return isId && serviceId !== UNKNOWN ? serviceId.toLowerCase() : undefined;
}
