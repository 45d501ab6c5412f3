// Starts `hepsel lsp`, and hands it what the settings say.

const { workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

exports.activate = () => {
  const settings = workspace.getConfiguration("hepsel");
  const server = { command: settings.get("command"), args: ["lsp"] };
  client = new LanguageClient("hepsel", server, {
    documentSelector: [{ language: "hepsel" }],
    initializationOptions: { format: settings.get("format") },
    synchronize: { configurationSection: "hepsel" },
  });
  return client.start();
};

exports.deactivate = () => client?.stop();
