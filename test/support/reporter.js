"use strict";
const { reporters, Runner } = require("mocha");

/** The usual report of a terminal, and at its end one plain line that any script can read. */
module.exports = class PlainEnding extends reporters.Dot {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures } = runner.stats;
      process.stdout.write(`${passes} passed, ${failures} failed\n`);
    });
  }
};
