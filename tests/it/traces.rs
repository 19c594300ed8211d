//! What is read from stack traces: each file in `tests/cases/traces` is one, and its reading is shown.

use log_gardener::mine::{Miner, trace};

fn reading(text: &str) -> String {
    let Some(trace) = trace::parse(text) else {
        return format!("no trace, shape: {}", Miner::new().mine(text).text);
    };
    let exceptions = trace.exceptions.iter().map(|exception| {
        let frames = exception.frames.iter().map(|frame| {
            let line = frame.line.map_or(String::new(), |line| format!(":{line}"));
            let whose = if frame.is_application { "own" } else { "library" };
            format!("    {whose} {}{line} {}", frame.file, frame.function)
        });
        let frames: Vec<String> = frames.collect();
        format!("  {}: {}\n{}", exception.type_name, exception.message.replace('\n', "\\n"), frames.join("\n"))
    });
    let exceptions: Vec<String> = exceptions.collect();
    let look = trace.frame_to_look_at();
    let look = look.map(|frame| format!("{}:{} {}", frame.file, frame.line.unwrap_or(0), frame.function));
    format!(
        "headline: {}\ncause: {}\nlook at: {}\nshape: {}\nexceptions, frames from the outermost call to the innermost:\n{}",
        trace.headline(),
        trace.innermost().type_name,
        look.as_deref().unwrap_or("nothing"),
        Miner::new().mine(text).text,
        exceptions.join("\n")
    )
}

#[test]
fn traces_are_read_as_the_cases_show() {
    insta::glob!("../cases/traces", "*.txt", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        insta::assert_snapshot!(reading(text.trim_end()));
    });
}
