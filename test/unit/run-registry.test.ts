import assert from "node:assert/strict";
import { RunRegistry } from "../../provider/operation/run-registry";
import { readState } from "../../provider/state/stored-state";
import { getResourceName } from "../../provider/state/urn";

const ORDERS = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic:Resource::orders";
const EVENTS = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic:Resource::events";

function createState(serviceId: string, cores = 8) {
  return readState({ serviceId, organizationId: "organization", cores, currentCores: cores });
}

describe("RunRegistry", () => {
  let run: RunRegistry;
  beforeEach(() => {
    run = new RunRegistry();
  });

  describe("declare", () => {
    it("returns the resource that declares the service already", () => {
      run.declare("service", ORDERS);
      assert.equal(run.declare("service", EVENTS), ORDERS);
    });

    it("returns nothing if no other resource declares the service", () => {
      assert.equal(run.declare("service", ORDERS), undefined);
    });

    it("lets a resource declare its service twice", () => {
      run.declare("service", ORDERS);
      assert.equal(run.declare("service", ORDERS), undefined);
    });

    it("lets two resources declare two services", () => {
      run.declare("service", ORDERS);
      assert.equal(run.declare("other", EVENTS), undefined);
    });

    it("frees the service that a resource declared before", () => {
      run.declare("service", ORDERS);
      run.declare("other", ORDERS);
      assert.equal(run.declare("service", EVENTS), undefined);
    });

    it("keeps the first resource after a second one was refused", () => {
      run.declare("service", ORDERS);
      run.declare("service", EVENTS);
      assert.equal(run.declare("service", EVENTS), ORDERS);
    });

    it("lets a refused resource keep the service it had", () => {
      run.declare("service", ORDERS);
      run.declare("other", EVENTS);
      run.declare("service", EVENTS);
      assert.equal(run.isDeclared("other"), true);
    });

    it("makes the service known", () => {
      run.declare("service", ORDERS);
      assert.equal(run.isDeclared("service"), true);
    });

    it("does not make another service known", () => assert.equal(run.isDeclared("service"), false));
  });

  describe("handOver", () => {
    it("passes the state to the replacement", () => {
      run.handOver(createState("service"));
      assert.deepEqual(run.takeOver("service"), createState("service"));
    });

    it("passes the state on once", () => {
      run.handOver(createState("service"));
      run.takeOver("service");
      assert.equal(run.takeOver("service"), undefined);
    });

    it("passes nothing to another service", () => {
      run.handOver(createState("service"));
      assert.equal(run.takeOver("other"), undefined);
    });

    it("keeps the state for its own service", () => {
      run.handOver(createState("service"));
      run.takeOver("other");
      assert.notEqual(run.takeOver("service"), undefined);
    });

    it("passes the newest state", () => {
      run.handOver(createState("service", 4));
      run.handOver(createState("service", 16));
      assert.equal(run.takeOver("service")?.cores, 16);
    });
  });

  describe("slotHint", () => {
    it("is empty if no resource waits", () => assert.equal(run.slotHint, ""));

    it("counts one resource", () => {
      run.expectOperation(ORDERS);
      assert.match(run.slotHint, /^; 1 more waits for a slot \(PULUMI_PARALLEL sets how many\)$/);
    });

    it("counts several resources", () => {
      run.expectOperation(ORDERS);
      run.expectOperation(EVENTS);
      assert.match(run.slotHint, /^; 2 more wait for a slot/);
    });

    it("counts a resource once", () => {
      run.expectOperation(ORDERS);
      run.expectOperation(ORDERS);
      assert.match(run.slotHint, /^; 1 more/);
    });

    it("does not count a resource whose operation has started", () => {
      run.expectOperation(ORDERS);
      run.startOperation(ORDERS);
      assert.equal(run.slotHint, "");
    });

    it("ignores the start of an unexpected operation", () => {
      run.expectOperation(ORDERS);
      run.startOperation(EVENTS);
      assert.match(run.slotHint, /^; 1 more/);
    });
  });
});

describe("getResourceName", () => {
  it("returns the last part of a URN", () => assert.equal(getResourceName(ORDERS), "orders"));

  it("returns the whole text if it is not a URN", () => assert.equal(getResourceName("orders"), "orders"));

  it("keeps the separator of URNs in a name", () => {
    assert.equal(getResourceName("urn:pulumi:dev::shop::type::a::b"), "a::b");
  });

  it("keeps a colon in a name", () =>
    assert.equal(getResourceName("urn:pulumi:dev::shop::type::eu:orders"), "eu:orders"));
});
