import type { CheckedInputs } from "./inputs";
import type { Salvaged } from "./stored-state";

export interface ResolvedOrganization {
  readonly organizationId: string;
  readonly from: string;
}

/** An existing resource stays with the organisation that it was created in, whatever is configured since. */
export function organizationOf(state: Salvaged, inputs: CheckedInputs): ResolvedOrganization {
  if (inputs.organizationId !== undefined) return { organizationId: inputs.organizationId, from: "argument" };
  const from = state.__organizationFrom;
  return {
    organizationId: state.organizationId,
    from: from === undefined || from === "argument" ? "the state" : from,
  };
}
