import type { CheckedInputs } from "./inputs";
import type { PartialState } from "./stored-state";

export interface ResolvedOrganization {
  readonly organizationId: string;
  readonly source: string;
}

/** An existing resource stays with the organization that it was created in, whatever is configured since. */
export function keepOrganization(state: PartialState, inputs: CheckedInputs): ResolvedOrganization {
  if (inputs.organizationId !== undefined)
    return { organizationId: inputs.organizationId, source: "argument" };
  const from = state.__organizationFrom;
  return {
    organizationId: state.organizationId,
    source: from === undefined || from === "argument" ? "the state" : from,
  };
}
