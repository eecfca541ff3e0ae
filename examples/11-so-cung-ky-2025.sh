#!/usr/bin/env bash
# So với cùng kỳ: một năm với năm trước, theo huyện, thành lời văn; huyện đã sáp nhập so với các huyện hợp thành; chỗ nào
# không tính được tỷ lệ thì báo cáo nêu lý do; một chuỗi ba năm. Số liệu đặt thử.
# Chạy trên sổ mới: một tệp tạm, hoặc tệp chưa có đặt trong UCLI_DB.
set -euo pipefail

export UCLI_DB="${UCLI_DB:-$(mktemp -d)/so-cung-ky-2025.db}"
if [ -e "$UCLI_DB" ]; then
  echo "$UCLI_DB đã có: ví dụ chỉ ghi vào sổ mới. Bỏ UCLI_DB, hoặc đặt tên một tệp chưa có." >&2
  exit 5
fi
tinh="LĐLĐ tỉnh Ví Dụ"

ucli init --office "$tinh"
ucli batch --atomic <<HET
add-unit "LĐLĐ huyện An"   --kind district --parent "$tinh" --code AN
add-unit "LĐLĐ huyện Bình" --kind district --parent "$tinh" --code BINH
add-unit "LĐLĐ huyện Cửu"  --kind district --parent "$tinh" --code CUU
add-figure members-admitted 1.000 --unit AN   --period 2023
add-figure members-admitted 1.200 --unit AN   --period 2024
add-figure members-admitted 1.350 --unit AN   --period 2025
add-figure members-admitted 400   --unit BINH --period 2023
add-figure members-admitted 700   --unit BINH --period 2024
add-figure members-admitted 300   --unit CUU  --period 2023
add-figure members-admitted 101   --unit CUU  --period 2024
merge-unit CUU --into BINH --on 1/2/2025 --decision 12/QĐ-TLĐ --yes
add-figure members-admitted 650   --unit BINH --period 2025 --with-predecessors
add-figure officers-trained 50/80 --unit AN   --period 2024
add-figure officers-trained 60/80 --unit AN   --period 2025
add-figure blood-units "khoảng 100" --unit AN --period 2024
add-figure blood-units 120        --unit AN   --period 2025
HET

echo "== Năm 2025 so với cùng kỳ, theo huyện =="
ucli report 2025 --compare "cùng kỳ" --by huyện --indicator members-admitted

echo "== Một huyện, thành lời văn =="
ucli report 2025 --compare "cùng kỳ" --unit AN --format prose

echo "== Huyện đã sáp nhập: gồm cả huyện Cửu trước đây =="
ucli report 2025 --compare 2024 --unit BINH --indicator members-admitted

echo "== Chuỗi năm =="
ucli report 2023-01-01..2025-12-31 --by năm --indicator members-admitted
