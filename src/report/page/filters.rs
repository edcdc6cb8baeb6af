//! What the changes can be filtered by. Without the script the form stays hidden and every change is shown.

use std::collections::BTreeMap;

use super::{Page, text};
use crate::model::Risk;
use crate::report::naming::kind_word;

impl Page<'_> {
    pub(super) fn filters(&self) -> String {
        if self.plan.is_quiet() {
            return String::new();
        }
        format!(
            "<form class=\"filters\" role=\"search\" aria-label=\"Filter the changes\" hidden>\n{}{}\
             <label>Kind <select name=\"kind\">\n<option value=\"\">all kinds</option>\n{}</select></label>\n\
             <label>Account or unit <input name=\"place\" list=\"places\" placeholder=\"all\" autocomplete=\"off\"></label>\n\
             <datalist id=\"places\">\n{}</datalist>\n\
             <p><output role=\"status\"></output> <button type=\"button\" name=\"open\">Open all</button> \
             <button type=\"reset\">Clear</button></p>\n</form>\n",
            "<label>Text <input type=\"search\" name=\"words\" placeholder=\"names, actions, values …\"></label>\n",
            self.risk_boxes(),
            self.kinds(),
            self.accounts.options(),
        )
    }

    fn risk_boxes(&self) -> String {
        let risks = [Risk::Irreversible, Risk::Destructive, Risk::Disruptive, Risk::None];
        let one = |risk: Risk| {
            let number = self.plan.changes.iter().filter(|change| change.risk == risk).count();
            let word = risk.word();
            let name = if risk == Risk::None { "other" } else { word };
            (number > 0).then(|| {
                format!(
                    "<label class=\"{word}\"><input type=\"checkbox\" name=\"risk\" value=\"{word}\" checked> {name} \
                     <small>{number}</small></label>\n"
                )
            })
        };
        format!(
            "<fieldset><legend>Risk</legend>\n{}</fieldset>\n",
            risks.into_iter().filter_map(one).collect::<String>()
        )
    }

    fn kinds(&self) -> String {
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for change in &self.plan.changes {
            *kinds.entry(kind_word(change)).or_default() += 1;
        }
        let option = |(kind, number): (String, usize)| {
            let kind = text(&kind);
            format!("<option value=\"{kind}\">{kind} ({number})</option>\n")
        };
        kinds.into_iter().map(option).collect()
    }
}
