import { z } from "zod";

const anyNumber = z.number().optional().catch(undefined);

/** The numbers that rules across arguments compare, valid or not: a size above the maximum can cost too much as well. */
export const declaredSizesSchema = z.object({
  cores: anyNumber,
  initialLoad: z
    .object({
      cores: anyNumber,
      endBy: z.unknown().optional(),
      pipes: z.unknown().optional(),
      startAhead: z.unknown().optional(),
    })
    .catch({ cores: undefined }),
  maxUsdPerHour: anyNumber,
});

export type DeclaredSizes = z.output<typeof declaredSizesSchema>;
