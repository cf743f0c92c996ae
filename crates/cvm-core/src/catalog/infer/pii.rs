//! Which columns look like personal data.

use super::label::lower_words;

/// Whether a text looks like one e-mail address.
#[inline]
pub(super) fn is_email(text: &str) -> bool {
    if !text.as_bytes().contains(&b'@') {
        return false;
    }
    let Some((local, domain)) = text.trim().split_once('@') else { return false };
    let Some((host, top)) = domain.rsplit_once('.') else { return false };
    let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c == '@');
    plain(local) && plain(host) && top.chars().count() >= 2 && top.chars().all(char::is_alphanumeric)
}

/// Whether a name is that of an e-mail address, a phone number, a person's name, an address or a date of birth.
///
/// What counts is the last word, so that `PhoneService` and `email_opt_in` are not personal, and `work_phone` is.
pub(super) fn is_personal(name: &str) -> bool {
    let mut words = lower_words(name);
    // `address_line_1`, `phone2`, `phone_number`
    while words.len() > 1
        && words.last().is_some_and(|w| is_number(w) || matches!(w.as_str(), "line" | "no" | "nr" | "number"))
    {
        words.pop();
    }
    let Some((last, before)) = words.split_last() else { return false };
    let last = last.trim_end_matches(|c: char| c.is_ascii_digit());
    let previous = before.last().map_or("", String::as_str);
    match last {
        "email" | "mail" | "phone" | "telephone" | "tel" | "mobile" | "cell" | "cellphone" | "fax" | "msisdn"
        | "whatsapp" => true,
        "address" | "addr" | "street" | "adresse" | "strasse" | "rue" => true,
        "firstname" | "lastname" | "surname" | "fullname" | "forename" | "middlename" | "nickname" | "username" => true,
        "vorname" | "nachname" | "prenom" | "prénom" | "telefon" | "geburtsdatum" => true,
        "ssn" | "iban" | "passport" => true,
        "name" => {
            before.is_empty()
                || matches!(
                    previous,
                    "first"
                        | "last"
                        | "full"
                        | "middle"
                        | "given"
                        | "family"
                        | "maiden"
                        | "nick"
                        | "sur"
                        | "user"
                        | "customer"
                        | "client"
                        | "contact"
                        | "person"
                        | "member"
                        | "patient"
                        | "guest"
                )
        }
        _ => words.iter().any(|w| matches!(w.as_str(), "birth" | "birthday" | "birthdate" | "dob" | "birthdt")),
    }
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_personal_names() {
        for name in [
            "email",
            "e-mail",
            "E-Mail Address",
            "emailAddress",
            "work_phone",
            "phone_number",
            "Phone2",
            "name",
            "first_name",
            "lastName",
            "customer_name",
            "address_line_1",
            "date_of_birth",
            "birthDate",
            "dob",
            "Year_Birth",
            "Telefon",
        ] {
            assert!(is_personal(name), "{name}");
        }
        for name in [
            "PhoneService",
            "email_opt_in",
            "campaign_name",
            "product_name",
            "city",
            "customerID",
            "contact",
            "segment",
            "",
            "address_type",
            "filename",
        ] {
            assert!(!is_personal(name), "{name}");
        }
    }

    #[test]
    fn knows_addresses() {
        for text in ["a@b.de", "x.y+z@mail.example.com", " a@b.de "] {
            assert!(is_email(text), "{text}");
        }
        for text in ["", "@", "a@b", "Mens E-Mail", "a b@c.de", "a@b@c.de", "@b.de"] {
            assert!(!is_email(text), "{text}");
        }
    }
}
