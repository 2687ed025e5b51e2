//! Arguments that remember what is wrong with them, so that the model reads it in band.

use saydo_contract::{
    AddTask, CompleteTask, DeleteTask, ListTasks, NormalizedArguments, ToolName, UpdateTask, normalize,
};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::failure::ToolFailure;

/// The longest complaint, in characters: it may quote what was given.
const LONGEST: usize = 300;

/// The similarity from which a name is likely another one misspelt.
const SIMILAR: f64 = 0.8;

/// The arguments of one tool.
pub(crate) trait Arguments: DeserializeOwned + JsonSchema + 'static {
    const TOOL: ToolName;
}

impl Arguments for AddTask {
    const TOOL: ToolName = ToolName::AddTask;
}

impl Arguments for ListTasks {
    const TOOL: ToolName = ToolName::ListTasks;
}

impl Arguments for CompleteTask {
    const TOOL: ToolName = ToolName::CompleteTask;
}

impl Arguments for DeleteTask {
    const TOOL: ToolName = ToolName::DeleteTask;
}

impl Arguments for UpdateTask {
    const TOOL: ToolName = ToolName::UpdateTask;
}

/// Arguments of a tool, read but not yet known to be right.
pub(crate) struct Checked<T> {
    arguments: Result<T, BadArguments>,
    filler: Vec<String>,
}

/// What is wrong with the arguments, naming the one that is.
#[derive(Debug)]
pub(crate) struct BadArguments(pub(crate) String);

impl<T> Checked<T> {
    pub(crate) fn valid(self) -> Result<T, ToolFailure> {
        self.arguments.map_err(ToolFailure::BadArguments)
    }

    /// Takes the fields that were read as not given.
    pub(crate) fn take_filler(&mut self) -> Vec<String> {
        std::mem::take(&mut self.filler)
    }
}

impl<'de, T: Arguments> Deserialize<'de> for Checked<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = Map::deserialize(deserializer)?;
        let NormalizedArguments { arguments, filler } = normalize(T::TOOL, given);
        Ok(Self { arguments: parse(arguments), filler })
    }
}

fn parse<T: Arguments>(arguments: Map<String, Value>) -> Result<T, BadArguments> {
    let allowed = T::TOOL.arguments();
    if let Some(name) = arguments.keys().find(|name| !allowed.contains(&name.as_str())) {
        return Err(BadArguments(unknown(name, allowed)));
    }
    serde_path_to_error::deserialize(Value::Object(arguments)).map_err(|fault| {
        let field = fault.path().to_string();
        let rule = shortened(&fault.into_inner().to_string().replace("expected i64", "expected a whole number"));
        // A fault of the whole (a field is missing) names the field itself.
        let at_root = field == "." || rule.contains(&format!("`{field}`"));
        BadArguments(if at_root { rule } else { format!("`{field}`: {rule}") })
    })
}

fn unknown(name: &str, allowed: &[&str]) -> String {
    let folded = |name: &str| name.replace('_', "").to_lowercase();
    let given = folded(name);
    let contains = |other: &&&str| given.contains(&folded(other)) || folded(other).contains(&given);
    let similarity = |other: &str| strsim::jaro_winkler(&given, &folded(other));
    let nearest = allowed.iter().find(contains).or_else(|| {
        let nearest = allowed.iter().max_by(|one, other| similarity(one).total_cmp(&similarity(other)));
        nearest.filter(|nearest| similarity(nearest) >= SIMILAR)
    });
    let suggestion = nearest.map(|nearest| format!(", did you mean `{nearest}`?")).unwrap_or_default();
    let allowed: Vec<&str> = allowed.iter().copied().filter(|name| *name != "user_id").collect();
    format!("unknown argument `{}`{suggestion} (allowed: {})", shortened(name), allowed.join(", "))
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}
