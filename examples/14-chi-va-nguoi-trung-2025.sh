#!/usr/bin/env bash
# Tiền và người chỉ tính một lần: một nhà chi hai đợt qua hai năm, tiền trả lại, quà chưa biết trị giá; một đoàn viên
# ghi hai lần được gộp làm một. Số liệu đặt thử.
# Chạy trên sổ mới: một tệp tạm, hoặc tệp chưa có đặt trong UCLI_DB.
set -euo pipefail

export UCLI_DB="${UCLI_DB:-$(mktemp -d)/chi-2025.db}"
if [ -e "$UCLI_DB" ]; then
  echo "$UCLI_DB đã có: ví dụ chỉ ghi vào sổ mới. Bỏ UCLI_DB, hoặc đặt tên một tệp chưa có." >&2
  exit 5
fi
tinh="LĐLĐ tỉnh Ví Dụ"

ucli init --office "$tinh"
ucli batch --atomic <<HET
add-unit "LĐLĐ huyện An" --kind district --parent "$tinh" --code AN
add-union "CĐCS Trạm Mẫu" --parent AN --founded 3/3/2024 --sector public --code MAU
add-payout --unit AN --programme shelter --amount "40 triệu" --form new-build --on 5/11/2024
add-payout --instalment-of 1 --amount "20 triệu" --on 10/2/2025
add-payout --unit AN --programme visit --amount "30 triệu" --recipients 30 --on 20/1/2025
return-payout 3 --amount "1 triệu" --on 3/3/2025
add-payout --unit AN --programme visit --amount unknown --recipients 40 --on 5/6/2025
HET

echo "== Một nhà, hai đợt chi: nhà tính năm đầu, tiền tính theo ngày chi =="
ucli report 1/1/2024..31/12/2025 --by year --indicator shelter-houses --indicator shelter-amount
echo "== Quà chưa biết trị giá: lượt đã tính, tiền mới là “ít nhất” =="
ucli report 2025 --indicator welfare-visits --indicator welfare-amount
ucli value-payout 5 --amount "8 triệu"
echo "== Sau khi định giá =="
ucli report 2025 --indicator welfare-visits --indicator welfare-amount

echo "== Một người ghi hai lần =="
ucli batch --atomic <<HET
add-member "Trần Thị Mẫu" --union MAU --admitted 20/4/2025 --born 2/9/1990 --card A1
add-member "Trần Thị Mẫu" --union MAU --admitted 20/5/2025 --card A2 --yes
HET
ucli report 2025 --indicator members-admitted
ucli merge-person A2 --into A1
ucli report 2025 --indicator members-admitted
