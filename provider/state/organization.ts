import type { CheckedInputs } from "./inputs";
import type { PartialState } from "./stored-state";

export interface ResolvedOrganization {
  readonly organizationId: string;
  readonly source: string;
}

/** The organization of an existing resource: the one it was created in, even if the configuration has changed since. */
export function keepOrganization(state: PartialState, inputs: CheckedInputs): ResolvedOrganization {
  if (inputs.organizationId !== undefined)
    return { organizationId: inputs.organizationId, source: "argument" };
  const from = state.__organizationFrom;
  return {
    organizationId: state.organizationId,
    source: from === undefined || from === "argument" ? "the state" : from,
  };
}
