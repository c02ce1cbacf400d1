import type { EngineEvent } from "@pulumi/pulumi/automation";
import { isUnknown } from "../../provider/state/unknown";
import { SCALING_TYPE } from "./resources";

const COMPONENT_TYPE = "clickpipes:index:CdcCompute";

/** What a program declares of a size, and the size in force. A value may be unknown or a secret. */
export interface PlannedInputs {
  readonly serviceId?: unknown;
  readonly organizationId?: unknown;
  readonly cores?: unknown;
  readonly initialLoad?: unknown;
  readonly coresAfterDestroy?: unknown;
  readonly currentCores?: unknown;
}

/** What a preview shows of one resource that an `up` may change. */
export interface PlannedStep {
  readonly urn: string;
  readonly operation: string;
  /** Whether it belongs to this package: its resource or the component around it. */
  readonly isOwn: boolean;
  /** Undefined for a resource that isn't our scaling. */
  readonly inputs: PlannedInputs | undefined;
}

/** Returns the step of an event. Undefined for an event of another kind, and for the stack's own step. */
export function parsePlannedStep({ resourcePreEvent }: EngineEvent): PlannedStep | undefined {
  if (resourcePreEvent === undefined) return undefined;
  const { urn, op, type, new: goal } = resourcePreEvent.metadata;
  if (type === "pulumi:pulumi:Stack" || type.startsWith("pulumi:providers:")) return undefined;
  const isScaling = type === SCALING_TYPE;
  const inputs: PlannedInputs | undefined = isScaling ? goal?.inputs : undefined;
  return { urn, operation: op, isOwn: isScaling || type === COMPONENT_TYPE, inputs };
}

/** Whether a preview can't tell yet which service or which size the resource has. */
export function hasUnknownSize({ inputs }: PlannedStep): boolean {
  if (inputs === undefined) return false;
  const values = [inputs.serviceId, inputs.cores, inputs.currentCores, inputs.initialLoad];
  return values.some((value) => containsUnknown(value));
}

function containsUnknown(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).some(containsUnknown);
  return isUnknown(value);
}
