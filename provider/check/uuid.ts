import { z } from "zod";
import { maybeUnknown } from "./maybe-unknown";

/** An id, in the cloud's own spelling: lower case. */
export const uuid = maybeUnknown(z.guid().toLowerCase(), {
  mustBe: "a UUID",
  example: "00000000-0000-4000-8000-000000000001",
  // People paste the console's URL, or leave a slash or a space.
  nearest: (text) => /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(text)?.[0],
});
