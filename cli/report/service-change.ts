import type { Burst } from "./burst";
import type { Message } from "./preview";
import type { MaybeKnownSize } from "./priced-size";

export type Action = "create" | "update" | "replace" | "delete" | "unchanged" | "skipped" | "failed";

/**
 * What a destroy does: reset the size, keep it since no other is known, keep it for `retainOnDelete`, or rely on another deletion for
 * `deletedWith`.
 */
export type DestroyEffect = "resetSize" | "keepSize" | "retainSize" | "rely";

/** What an update does to one service. */
export interface ServiceChange {
  readonly action: Action;
  readonly urn: string;
  readonly name: string;
  /** Undefined if the preview does not know it yet. */
  readonly serviceId: string | undefined;
  /** Undefined if the stack did not have the service before. */
  readonly before: MaybeKnownSize | undefined;
  /** Undefined if the service no longer exists. */
  readonly after: MaybeKnownSize | undefined;
  readonly burst?: Burst | undefined;
  /** The size that an earlier update requested and did not confirm. */
  readonly pendingCores?: number | undefined;
  readonly destroyEffect?: DestroyEffect | undefined;
  /** The resource that declared the service before. */
  readonly previousName?: string | undefined;
  readonly messages: readonly Message[];
  /** US dollars per compute unit and hour in the stack, if it has another price than the report. */
  readonly stackPrice?: number | undefined;
}
