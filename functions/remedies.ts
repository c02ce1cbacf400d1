import { REMEDIES, type Remedies } from "../provider/remedies";

/** What to do about an error of a function, which only reads and never waits for a change. */
export const FUNCTION_REMEDIES: Remedies = {
  ...REMEDIES,
  "service-not-awake": "Start or wake the service first. A function doesn't wake it.",
  "endpoint-not-found":
    "Create a Postgres, MySQL, MongoDB or BigQuery ClickPipe first. `getCdcScalingOutput` with `dependsOn` waits for one.",
  timeout: "Run the command again later.",
};
