// Old syntax on purpose: it must be able to say what is wrong on any Node.
var version = /(\d+)\.(\d+)/.exec(process.version) || [];
if (Number(version[1]) * 1000 + Number(version[2]) < 20019) {
  console.error(
    "This needs Node.js 20.19 or newer, but found " + process.version + ". Install one from https://nodejs.org.",
  );
  process.exit(1);
}
