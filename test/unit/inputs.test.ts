import assert from "node:assert/strict";
import fc from "fast-check";
import { validate } from "../../provider/check/faults";
import { ARGUMENT_NAMES, pickArguments, type Inputs, isUnknown, UNKNOWN } from "../../provider/state/inputs";

const SERVICE_ID = "00000000-0000-4000-8000-000000000001";
const ORGANIZATION_ID = "00000000-0000-4000-8000-0000000000aa";
const LEGAL = { serviceId: SERVICE_ID, cores: 8, __urn: "urn:pulumi:dev::shop::type::orders" };

/** The one fault of otherwise legal inputs, as "property: reason". */
function faultOf(changed: Readonly<Record<string, unknown>>, usdPerComputeUnitHour?: number): string {
  const faults = validate({ ...LEGAL, ...changed }, usdPerComputeUnitHour);
  const [fault] = faults;
  assert.ok(fault !== undefined && faults.length === 1, `one fault expected: ${JSON.stringify(faults)}`);
  return `${fault.property}: ${fault.reason}`;
}

function assertPasses(changed: Readonly<Record<string, unknown>>): void {
  assert.deepEqual(validate({ ...LEGAL, ...changed }), []);
}

describe("cores", () => {
  const RULE = "it takes a whole number of cores from 1 to 24";
  for (const [cores, shown, nearest] of [
    [0, "0", 1],
    [-3, "-3", 1],
    [2.5, "2.5", 3],
    ["8", '"8"', 8],
    [NaN, "NaN", 1],
    [null, "null", 1],
  ] as const) {
    it(`refuses ${shown} and says that the nearest is ${nearest}`, () => {
      assert.equal(faultOf({ cores }), `cores: ${shown} is not allowed: ${RULE}; the nearest is ${nearest}`);
    });
  }

  it("says that it is missing", () => assert.equal(faultOf({ cores: undefined }), `cores: missing: ${RULE}`));

  it("refuses 25 and says how to opt in to 32", () => {
    assert.match(
      faultOf({ cores: 25 }),
      /^cores: 25 is not allowed: .* from 1 to 24; the nearest is 24; .*`maxCores: 32` opts in$/,
    );
  });

  it("does not talk of opting in where the value is too small", () => {
    assert.doesNotMatch(faultOf({ cores: 0 }), /opts in/);
  });

  it("refuses more than the opted-in maximum", () => {
    assert.match(faultOf({ cores: 30, maxCores: 28 }), /^cores: 30 .* from 1 to 28; the nearest is 28/);
  });

  it("shows a value of 60 characters whole", () => {
    assert.ok(faultOf({ cores: "x".repeat(58) }).startsWith(`cores: "${"x".repeat(58)}" is not allowed`));
  });

  it("cuts a long value short in the message", () => {
    assert.match(faultOf({ cores: "x".repeat(500) }), /^cores: "x{59}… is not allowed/);
  });
});

describe("coresAfterDestroy", () => {
  it("takes the same numbers as cores", () => {
    assert.match(
      faultOf({ coresAfterDestroy: 0 }),
      /^coresAfterDestroy: 0 .* from 1 to 24; the nearest is 1$/,
    );
  });

  it("may be as large as the opted-in maximum", () => assertPasses({ coresAfterDestroy: 32, maxCores: 32 }));
});

describe("ids", () => {
  const PATH = `services/${SERVICE_ID}`;
  const URL = `https://console.clickhouse.cloud/${PATH}`;
  for (const property of ["serviceId", "organizationId"]) {
    for (const value of ["orders", "", PATH, URL, `${SERVICE_ID}/`, ` ${SERVICE_ID}`, 5, null]) {
      const shown = JSON.stringify(value);
      it(`refuses ${shown} as ${property} and shows a UUID`, () => {
        assert.ok(
          faultOf({ [property]: value }).startsWith(
            `${property}: ${cut(shown)} is not allowed: it takes the UUID alone, such as 00000000-`,
          ),
        );
      });
    }
  }

  it("says that serviceId is missing", () => {
    assert.match(
      faultOf({ serviceId: undefined }),
      /^serviceId: missing: it takes a UUID, such as 00000000-/,
    );
  });

  for (const serviceId of [undefined, "orders"]) {
    it(`shows a UUID that would pass in place of ${serviceId}`, () => {
      assertPasses({ serviceId: /such as (\S+)$/.exec(faultOf({ serviceId }))?.[1] });
    });
  }

  it("lets organizationId be missing", () => assertPasses({ organizationId: undefined }));

  it("takes capital letters", () => assertPasses({ organizationId: ORGANIZATION_ID.toUpperCase() }));

  function cut(text: string): string {
    return text.length > 60 ? `${text.slice(0, 60)}…` : text;
  }
});

describe("maxCores", () => {
  for (let maxCores = 24; maxCores <= 32; maxCores++) {
    it(`takes ${maxCores} and lets cores go up to it`, () => assertPasses({ maxCores, cores: maxCores }));
  }

  for (const [maxCores, shown, nearest] of [
    [23, "23", 24],
    [33, "33", 32],
    [25.4, "25.4", 25],
    ["32", '"32"', 32],
    [NaN, "NaN", 24],
  ] as const) {
    it(`refuses ${shown} and says that the nearest is ${nearest}`, () => {
      assert.equal(
        faultOf({ maxCores }),
        `maxCores: ${shown} is not allowed: it takes a whole number from 24 to 32; the nearest is ${nearest}`,
      );
    });
  }
});

describe("maxUsdPerHour", () => {
  it("refuses a size that costs more, with both figures and the nearest affordable cores", () => {
    assert.equal(
      faultOf({ maxUsdPerHour: 0.5 }),
      "maxUsdPerHour: 8 cores cost $0.80/h, above maxUsdPerHour of $0.50/h; the nearest is cores: 5",
    );
  });

  it("takes a size that costs exactly as much", () => assertPasses({ maxUsdPerHour: 0.8 }));

  it("takes a size that costs less", () => assertPasses({ maxUsdPerHour: 0.81 }));

  it("names one core where that alone is affordable", () => {
    assert.match(faultOf({ maxUsdPerHour: 0.1 }), /; the nearest is cores: 1$/);
  });

  it("does not count the cost of cores that are no number", () => {
    assert.match(faultOf({ cores: "8", maxUsdPerHour: 0.5 }), /^cores: /);
  });

  it("says so where not even one core is affordable", () => {
    assert.match(faultOf({ maxUsdPerHour: 0.05 }), /; no size costs so little$/);
  });

  it("counts with the price that the stack sets", () => {
    assert.match(
      faultOf({ maxUsdPerHour: 1.5 }, 0.5),
      /8 cores cost \$2\.00\/h, .* the nearest is cores: 6$/,
    );
  });

  it("allows everything where a compute unit costs nothing", () => {
    assert.deepEqual(validate({ ...LEGAL, maxUsdPerHour: 0.01 }, 0), []);
  });

  for (const [maxUsdPerHour, shown] of [
    [0, "0"],
    [-1, "-1"],
    [Infinity, "Infinity"],
    [NaN, "NaN"],
    ["1", '"1"'],
  ] as const) {
    it(`refuses ${shown} and shows a legal one`, () => {
      assert.equal(
        faultOf({ maxUsdPerHour }),
        `maxUsdPerHour: ${shown} is not allowed: it takes US dollars an hour, above 0, such as 0.8`,
      );
    });
  }
});

describe("wakeService", () => {
  for (const wakeService of [true, false, undefined]) {
    it(`takes ${wakeService}`, () => assertPasses({ wakeService }));
  }

  it("refuses a text and says what it takes", () => {
    assert.equal(
      faultOf({ wakeService: "true" }),
      'wakeService: "true" is not allowed: it takes true or false; the default is false',
    );
  });
});

describe("customTimeouts", () => {
  for (const text of ["40m", "1h30m", "90s", "1.5h"]) {
    it(`take "${text}"`, () => assertPasses({ __timeouts: { create: text } }));
  }

  for (const text of ["40", "soon", "", "-1m", "1 h", "1d"]) {
    it(`refuse "${text}" under the name that programs use`, () => {
      assert.equal(
        faultOf({ __timeouts: { update: text } }),
        `customTimeouts.update: "${text}" is not allowed: it takes hours, minutes and seconds, such as "40m" or "1h30m"`,
      );
    });
  }

  it("refuse a number", () => {
    assert.match(faultOf({ __timeouts: { delete: 40 } }), /^customTimeouts\.delete: 40 is not allowed/);
  });
});

describe("an argument of an unknown name", () => {
  for (const [given, meant] of [
    ["core", "cores"],
    ["Cores", "cores"],
    ["CORES", "cores"],
    ["serviceID", "serviceId"],
    ["service", "serviceId"],
    ["organisationId", "organizationId"],
    ["maxCore", "maxCores"],
    ["maxUsdPerMonth", "maxUsdPerHour"],
    ["wakeServices", "wakeService"],
  ] as const) {
    it(`"${given}" is refused with "did you mean ${meant}?"`, () => {
      assert.equal(faultOf({ [given]: 1 }), `${given}: no argument of this name; did you mean ${meant}?`);
    });
  }

  it("that is near to none is refused with all the names", () => {
    assert.equal(
      faultOf({ replicas: 1 }),
      `replicas: no argument of this name; it takes ${ARGUMENT_NAMES.join(", ")}`,
    );
  });

  it("leaves the order of the names as it is", () => {
    const before = [...ARGUMENT_NAMES];
    validate({ ...LEGAL, wakeServices: true });
    assert.deepEqual([...ARGUMENT_NAMES], before);
  });

  it("is refused even where its value is not known yet", () => {
    assert.match(faultOf({ core: UNKNOWN }), /^core: no argument of this name/);
  });
});

describe("several faults of one resource", () => {
  it("are reported all at once", () => {
    const faults = validate({
      ...LEGAL,
      serviceId: "orders",
      cores: 25,
      wakeService: "yes",
      __timeouts: { create: "soon", update: "later" },
      memory: 32,
      maxUsdPerHour: 1,
    });
    assert.deepEqual(
      faults.map(({ property }) => property),
      [
        "serviceId",
        "cores",
        "wakeService",
        "customTimeouts.create",
        "customTimeouts.update",
        "memory",
        "maxUsdPerHour",
      ],
    );
  });

  it("hold every missing argument", () => {
    assert.deepEqual(
      validate({}).map(({ property }) => property),
      ["serviceId", "cores"],
    );
  });
});

describe("a value that a preview does not know yet", () => {
  for (const property of [...ARGUMENT_NAMES, "__timeouts"]) {
    it(`passes as ${property}`, () => assertPasses({ [property]: UNKNOWN }));
  }

  it("passes as one of customTimeouts", () => assertPasses({ __timeouts: { create: UNKNOWN } }));

  it("passes as the price limit of a size that is not known either", () => {
    assertPasses({ cores: UNKNOWN, maxUsdPerHour: UNKNOWN });
  });

  it("does not hide the fault of another argument", () => {
    assert.match(faultOf({ serviceId: UNKNOWN, cores: 0 }), /^cores: 0/);
  });

  it("is told by its value", () => {
    assert.deepEqual([UNKNOWN, SERVICE_ID, undefined].map(isUnknown), [true, false, false]);
  });
});

describe("legal inputs", () => {
  const legal = fc.integer({ min: 24, max: 32 }).chain((maxCores) =>
    fc.record(
      {
        serviceId: fc.uuid(),
        organizationId: fc.uuid(),
        cores: fc.integer({ min: 1, max: maxCores }),
        maxCores: fc.constant(maxCores),
        // Above what the largest size costs.
        maxUsdPerHour: fc.double({ min: 3.2, max: 1_000, noNaN: true }),
        coresAfterDestroy: fc.integer({ min: 1, max: maxCores }),
        wakeService: fc.boolean(),
        __timeouts: fc.constant({ create: "40m", update: "1h30m", delete: "90s" }),
        __urn: fc.string(),
        __provider: fc.string(),
      },
      { requiredKeys: ["serviceId", "cores", "maxCores", "__urn"] },
    ),
  );

  it("pass, every one of them", () => {
    fc.assert(fc.property(legal, (inputs) => assert.deepEqual(validate(inputs), [])));
  });

  for (let cores = 1; cores <= 24; cores++) {
    it(`pass with ${cores} cores and no opt-in`, () => assertPasses({ cores }));
  }

  it("pass with the provider's own properties", () => assertPasses({ __provider: "code", __urn: "urn" }));
});

describe("faultsOf", () => {
  const name = fc.oneof(
    fc.constantFrom(...ARGUMENT_NAMES, "__timeouts", "__proto__", "constructor"),
    fc.string(),
  );
  const anyInputs = fc.dictionary(name, fc.oneof(fc.jsonValue(), fc.double(), fc.constant(UNKNOWN)));

  it("never throws, whatever JSON it is given", () => {
    fc.assert(fc.property(anyInputs, (news) => Array.isArray(validate(news))));
  });

  it("gives each fault a reason", () => {
    fc.assert(fc.property(anyInputs, (news) => validate(news).every(({ reason }) => reason.length > 0)));
  });
});

describe("argumentsOf", () => {
  const news = {
    ...LEGAL,
    serviceId: SERVICE_ID.replace("0001", "00AB"),
    organizationId: ORGANIZATION_ID.toUpperCase(),
    __provider: "code",
  };

  it("spells ids in small letters, as the cloud does", () => {
    const { serviceId, organizationId } = pickArguments(news);
    assert.deepEqual([serviceId, organizationId], [news.serviceId.toLowerCase(), ORGANIZATION_ID]);
  });

  it("leaves out what no program passes", () => {
    assert.deepEqual(Object.keys(pickArguments(news)), ["serviceId", "organizationId", "cores"]);
  });

  it("leaves out what is undefined", () => {
    const undeclared: object = { ...LEGAL, maxCores: undefined };
    assert.equal("maxCores" in pickArguments(undeclared as Inputs), false);
  });

  it("keeps everything that the program gave", () => {
    const given: Inputs = {
      serviceId: SERVICE_ID,
      cores: 8,
      organizationId: ORGANIZATION_ID,
      maxCores: 32,
      maxUsdPerHour: 1,
      coresAfterDestroy: 2,
      wakeService: false,
    };
    assert.deepEqual(pickArguments(given), given);
  });

  it("leaves its argument as it is", () => {
    const frozen = Object.freeze({ ...news });
    pickArguments(frozen);
    assert.deepEqual(frozen, news);
  });
});

describe("a limit that is not known yet", () => {
  it("refuses no size that it may come to allow", () => assertPasses({ cores: 32, maxCores: UNKNOWN }));
});

describe("the nearest size that maxUsdPerHour allows", () => {
  for (const [cores, maxUsdPerHour, unitPrice, nearest] of [
    [8, 0.3, undefined, "cores: 3"], // 0.3 / 0.1 is below 3 in binary
    [8, 0.7, undefined, "cores: 7"],
    [24, 1.25, 0.25, "cores: 10"],
    [24, 0.05, 0.005, "cores: 21"],
    [8, 0.05, undefined, "no size costs so little"],
  ] as const) {
    it(`is "${nearest}" for $${maxUsdPerHour} at $${unitPrice ?? 0.2} a unit`, () => {
      assert.ok(faultOf({ cores, maxUsdPerHour }, unitPrice).endsWith(nearest));
    });
  }

  it("shows a limit of fractions of a cent as it was written", () => {
    assert.match(
      faultOf({ cores: 8, maxUsdPerHour: 0.799 }),
      /\$0\.80\/h, above maxUsdPerHour of \$0\.799\/h/,
    );
  });
});

describe("the hint to opt in", () => {
  it("is not given where opting in would not allow the size either", () => {
    assert.doesNotMatch(faultOf({ cores: 33 }), /opts in/);
  });
});
