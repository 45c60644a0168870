// Preloaded into a peer: its servers listen on loopback only, at ports that the system chooses, and it ends with
// the test that started it, however that test ends.
"use strict";
const net = require("node:net");

const { listen } = net.Server.prototype;

net.Server.prototype.listen = function (...options) {
  const asked = typeof options[0] === "object" ? options[0].port : options[0];
  // The starter tells a peer's servers apart by the ports that they asked for.
  this.once("listening", () => process.send({ asked: Number(asked), port: this.address().port }));
  return listen.call(this, { host: "127.0.0.1", port: 0 }, ...options.filter((option) => typeof option === "function"));
};

// The channel breaks when the test's process is gone, even if it was killed.
process.on("disconnect", () => process.exit());
